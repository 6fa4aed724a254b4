//! The sample district as data: what `demo/` holds, read and checked once.

mod agreement;
mod party;
mod plan;
mod product;
mod resource;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

pub(super) use agreement::{Agreement, Share};
pub(super) use party::{PASSWORD, Party};
pub(super) use plan::Plan;
pub(super) use product::{Model, Price, Product};
pub(super) use resource::{Generated, Resource};

/// The file `demo/NAME`, built into the program so that the demo needs nothing beside it.
macro_rules! demo_file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../../demo/", $name)))
    };
}

const PARTIES: (&str, &str) = demo_file!("parties.toml");
const AGREEMENT: (&str, &str) = demo_file!("agreement.toml");
const PLAN: (&str, &str) = demo_file!("plan.toml");
const RESOURCES: [(&str, &str); 6] = [
    demo_file!("resources/firms.toml"),
    demo_file!("resources/air_quality.toml"),
    demo_file!("resources/covid_daily.toml"),
    demo_file!("resources/census.toml"),
    demo_file!("resources/credit_sample.toml"),
    demo_file!("resources/streets.toml"),
];
const PRODUCTS: [(&str, &str); 5] = [
    demo_file!("products/verification.toml"),
    demo_file!("products/daily.toml"),
    demo_file!("products/income.toml"),
    demo_file!("products/epidemic.toml"),
    demo_file!("products/haze.toml"),
];

/// The sample district.
pub(super) struct Sample {
    /// Its parties; the first founds it.
    pub(super) parties: Vec<Party>,
    /// Its plan.
    pub(super) plan: Plan,
    /// Its resources.
    pub(super) resources: Vec<Resource>,
    /// The agreement between agency and operator.
    pub(super) agreement: Agreement,
    /// Its products.
    pub(super) products: Vec<Product>,
}

impl Sample {
    /// Reads the data that comes with the program.
    pub(super) fn load() -> Result<Self> {
        Ok(Self {
            parties: read::<party::Parties>(PARTIES)?.party,
            plan: read(PLAN)?,
            resources: RESOURCES.into_iter().map(read).collect::<Result<_>>()?,
            agreement: read(AGREEMENT)?,
            products: PRODUCTS.into_iter().map(read).collect::<Result<_>>()?,
        })
    }

    /// Whether a product uses this table.
    pub(super) fn uses(&self, table: &str) -> bool {
        self.products.iter().any(|product| product.resource == table)
    }
}

fn read<T: DeserializeOwned>((name, text): (&str, &str)) -> Result<T> {
    toml::from_str(text).with_context(|| format!("demo/{name} cannot be read"))
}
