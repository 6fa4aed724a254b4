//! Steps of the path, an area a file.

mod agreement;
mod alert;
mod assessment;
mod border;
mod complaint;
mod disclosure;
mod dispute;
mod file;
mod party;
mod post;
mod product;
mod quality;
mod resource;
mod scenario;
mod selection;

pub(crate) use agreement::{amendment, signatures};
pub(crate) use alert::{handled_alert, raised_about};
pub(crate) use assessment::assessment;
pub(crate) use border::{export, loan};
pub(crate) use complaint::complaint;
pub(crate) use disclosure::{disclosure, operating_report};
pub(crate) use dispute::dispute;
pub(crate) use file::{files, removed_file};
pub(crate) use party::parties;
pub(crate) use post::posts;
pub(crate) use product::dropped;
pub(crate) use quality::quality;
pub(crate) use resource::{changed_resource, clearance, regraded, withdrawn_clearance, withdrawn_resource};
pub(crate) use scenario::{batch, before_grant, recalled, turned_down};
pub(crate) use selection::selection;
