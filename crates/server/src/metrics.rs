//! `/metrics`: how the log, its witnesses and the sequencer are, in the text format of OpenMetrics.

use std::fmt;
use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongshu_app::{District, WitnessStatus};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A registry over an open district.
pub(crate) fn registry(district: &District) -> Arc<Registry> {
    let mut registry = Registry::with_prefix("gongshu");
    district.metrics().register(&mut registry);
    registry.register_collector(Box::new(Standing(district.clone())));
    Arc::new(registry)
}

/// All of it as text.
pub(crate) fn show(registry: &Registry) -> Response {
    let mut text = String::new();
    match prometheus_client::encoding::text::encode(&mut text, registry) {
        Ok(()) => ([(header::CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Where the log and its witnesses stand when they are asked for.
struct Standing(District);

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Standing")
    }
}

impl Collector for Standing {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let size = self.0.head().edge.size();
        gauge(&mut encoder, "log_size", "Entries of the log", size)?;
        let last = self.0.final_checkpoint().map_or(0, |last| last.unverified().size());
        gauge(
            &mut encoder,
            "log_final_size",
            "Entries under the newest final checkpoint",
            last,
        )?;
        let witnesses = self.0.witnesses();
        by_witness(
            &mut encoder,
            "witness_size",
            "Entries that a witness has cosigned",
            &witnesses,
            |status| status.size,
        )?;
        by_witness(
            &mut encoder,
            "witness_late",
            "Whether a witness has not cosigned the newest checkpoint",
            &witnesses,
            |status| u64::from(status.late),
        )?;
        by_witness(
            &mut encoder,
            "witness_refuses",
            "Whether the last request to a witness gave no cosignature",
            &witnesses,
            |status| u64::from(status.error.is_some()),
        )
    }
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: u64) -> fmt::Result {
    value_of(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?, value)
}

fn by_witness(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    witnesses: &[WitnessStatus],
    value: impl Fn(&WitnessStatus) -> u64,
) -> fmt::Result {
    let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
    for status in witnesses {
        value_of(
            family.encode_family(&[("witness", status.name.as_str())])?,
            value(status),
        )?;
    }
    Ok(())
}

fn value_of(encoder: MetricEncoder<'_>, value: u64) -> fmt::Result {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    prometheus_client::metrics::gauge::ConstGauge::new(value).encode(encoder)
}
