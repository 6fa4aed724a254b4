//! What to tell someone while the platform cannot record: which of its needs is missing, and what to do about it.

use gongshu_governance::Text;
use gongshu_store::Outage;

use crate::sequencer::ClockFault;

/// Seconds after which a request may be sent again.
pub const RETRY_SECONDS: u64 = 2;

/// The stable code of an outage of the database.
pub(crate) const fn code(outage: Outage) -> &'static str {
    match outage {
        Outage::Unreachable => "store.unreachable",
        Outage::Full => "store.full",
        Outage::Disk => "store.disk",
        Outage::Busy => "store.busy",
    }
}

/// What an outage of the database means and what to do.
pub(crate) fn text(outage: Outage) -> Text {
    let (zh, en) = match outage {
        Outage::Unreachable => (
            "数据库暂时无法连接，本次请求未获确认；请稍后以同一幂等键重发",
            "the database cannot be reached just now, and this request is not acknowledged; send it again, with the \
             same idempotency key",
        ),
        Outage::Full => (
            "服务器磁盘已满，无法记录，本次请求未作处理；请运维人员在数据库所在磁盘腾出空间，随后自动恢复，无需重启",
            "the disk is full, so nothing can be recorded, and this request was not done; free space on the disk of the \
             database: the platform then goes on by itself",
        ),
        Outage::Disk => (
            "磁盘读写失败，本次请求未获确认；请运维人员检查数据库所在磁盘，详情见服务日志",
            "the disk of the database fails to read or write, and this request is not acknowledged; check the disk, the \
             server's log says what failed",
        ),
        Outage::Busy => (
            "数据库繁忙，本次请求未作处理；请稍后重发",
            "the database is busy, and this request was not done; send it again",
        ),
    };
    Text::new(zh, en)
}

/// What a clock that jumped means and what to do.
pub(crate) fn clock_text(fault: &ClockFault) -> Text {
    let seconds = fault.seconds();
    match fault {
        ClockFault::Jumped { .. } => Text::new(
            format!(
                "服务器时钟跳变 {seconds} 秒，为保证记录时间可信，暂停记录；请校准时钟，校准后自动恢复；若现在的时间才是正确的，请重启服务"
            ),
            format!(
                "the server's clock jumped by {seconds} seconds; nothing is recorded until it is set right, which it \
                 then is by itself; if the time is right now, restart the server"
            ),
        ),
        ClockFault::BehindRecord { .. } => Text::new(
            format!("服务器时钟比账本最近一条记录落后 {seconds} 秒，暂停记录；请校准时钟，校准后自动恢复"),
            format!(
                "the server's clock is {seconds} seconds behind the newest record; nothing is recorded until it is set \
                 right"
            ),
        ),
    }
}
