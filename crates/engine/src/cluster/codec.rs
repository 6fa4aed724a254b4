//! How plans cross the wire: Ballista's own form, and ours for scans and for the functions of the controls. What only
//! members with keys may read is sealed for the domain.

use std::sync::Arc;

use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::arrow::ipc::convert::{IpcSchemaEncoder, fb_to_schema};
use datafusion::arrow::ipc::root_as_schema;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{
    AggregateUDF, ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use gongshu_privacy::cell_key::RecordSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::scan::{Domain, Reading, UnlockExec, Work};
use crate::control::{
    Bounds, CLAMPED, LARGEST, RECORD_KEY, bounds_of, clamped_function, contributors_of, largest_function,
    record_key_function, record_secret_of,
};
use crate::rows::vault_error;
use crate::{functions, run};

/// Opens the form of a scan. Ballista's own nodes open with a field tag of its messages, which it is not.
const SCAN: &[u8; 8] = b"\xffgongshu";
/// What seals are bound to.
const OF_SCAN: &str = "cluster/scan";
const OF_RECORD_SECRET: &str = "cluster/record-secret";

/// The codec of one member.
#[derive(Debug)]
pub(super) struct Codec {
    /// None at the scheduler.
    domain: Option<Arc<Domain>>,
    ballista: BallistaPhysicalExtensionCodec,
}

impl Codec {
    pub(super) fn of_member(domain: Arc<Domain>) -> Self {
        Self {
            domain: Some(domain),
            ballista: BallistaPhysicalExtensionCodec::default(),
        }
    }

    /// Of the scheduler, who has no keys and passes on what is sealed.
    pub(super) fn of_relay() -> Self {
        Self {
            domain: None,
            ballista: BallistaPhysicalExtensionCodec::default(),
        }
    }

    fn domain(&self) -> Result<&Arc<Domain>> {
        self.domain
            .as_ref()
            .ok_or_else(|| damaged("a member without keys seals nothing"))
    }

    fn scan(&self, body: &[u8], inputs: &[Arc<dyn ExecutionPlan>]) -> Result<Arc<dyn ExecutionPlan>> {
        let lacking = || damaged("a scan is cut short");
        let (length, rest) = body.split_first_chunk::<4>().ok_or_else(lacking)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| lacking())?;
        let (schema, sealed) = rest.split_at_checked(length).ok_or_else(lacking)?;
        let schema = root_as_schema(schema).map_err(|_| damaged("the columns of a scan are not told"))?;
        let schema = Arc::new(fb_to_schema(schema));
        let [numbers] = inputs else {
            return Err(damaged("a scan stands above the numbers of its shares"));
        };
        let work = match &self.domain {
            None => Work::Sealed(sealed.into()),
            Some(domain) => {
                let opened = domain.seal.unseal(OF_SCAN, sealed).map_err(vault_error)?;
                Work::Open(Arc::new(parsed::<Reading>(&opened)?), domain.clone())
            }
        };
        Ok(Arc::new(UnlockExec::new(numbers.clone(), schema, work)))
    }

    fn put_scan(&self, scan: &UnlockExec, buffer: &mut Vec<u8>) -> Result<()> {
        let schema = schema_bytes(&scan.schema());
        let sealed = match scan.work() {
            Work::Sealed(sealed) => sealed.to_vec(),
            Work::Open(reading, domain) => {
                let sealed = domain.seal.seal(OF_SCAN, &written(reading.as_ref())?, &mut rand::rng());
                sealed.map_err(vault_error)?
            }
        };
        let length = u32::try_from(schema.len()).map_err(|error| DataFusionError::External(Box::new(error)))?;
        buffer.extend_from_slice(SCAN);
        buffer.extend_from_slice(&length.to_be_bytes());
        buffer.extend_from_slice(&schema);
        buffer.extend_from_slice(&sealed);
        Ok(())
    }

    fn record_key(&self, sealed: &[u8]) -> Result<ScalarUDF> {
        let Some(domain) = &self.domain else {
            return Ok(ScalarUDF::from(Sealed::new(sealed)));
        };
        let secret = domain.seal.unseal(OF_RECORD_SECRET, sealed).map_err(vault_error)?;
        let secret = secret.try_into().map_err(|_| damaged("a record secret is cut short"))?;
        Ok(record_key_function(RecordSecret::new(secret)))
    }
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match bytes.strip_prefix(SCAN) {
            Some(body) => self.scan(body, inputs),
            None => self.ballista.try_decode(bytes, inputs, context, converter),
        }
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        buffer: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        match node.downcast_ref::<UnlockExec>() {
            Some(scan) => self.put_scan(scan, buffer),
            None => self.ballista.try_encode(node, buffer, converter),
        }
    }

    fn try_decode_udf(&self, name: &str, bytes: &[u8]) -> Result<Arc<ScalarUDF>> {
        let function = match name {
            RECORD_KEY => self.record_key(bytes)?,
            CLAMPED => clamped_function(parsed::<Bounds>(bytes)?),
            name => functions::stateless(name).ok_or_else(|| damaged(&format!("no function `{name}` is known")))?,
        };
        Ok(Arc::new(function))
    }

    fn try_encode_udf(&self, function: &ScalarUDF, buffer: &mut Vec<u8>) -> Result<()> {
        if let Some(sealed) = function.inner().downcast_ref::<Sealed>() {
            buffer.extend_from_slice(&sealed.bytes);
        } else if let Some(secret) = record_secret_of(function) {
            let sealed = self
                .domain()?
                .seal
                .seal(OF_RECORD_SECRET, secret.expose(), &mut rand::rng());
            buffer.extend_from_slice(&sealed.map_err(vault_error)?);
        } else if let Some(bounds) = bounds_of(function) {
            buffer.extend_from_slice(&written(&bounds)?);
        }
        Ok(())
    }

    fn try_decode_udaf(&self, name: &str, bytes: &[u8]) -> Result<Arc<AggregateUDF>> {
        if name != LARGEST {
            return Err(damaged(&format!("no aggregate `{name}` is known")));
        }
        let (contributors, arguments) = parsed(bytes)?;
        Ok(Arc::new(largest_function(contributors, arguments)))
    }

    fn try_encode_udaf(&self, function: &AggregateUDF, buffer: &mut Vec<u8>) -> Result<()> {
        if let Some(largest) = contributors_of(function) {
            buffer.extend_from_slice(&written(&largest)?);
        }
        Ok(())
    }
}

/// A function whose secret the scheduler passes on unread.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Sealed {
    bytes: Vec<u8>,
    signature: Signature,
}

impl Sealed {
    fn new(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.to_vec(),
            signature: Signature::any(1, Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Sealed {
    fn name(&self) -> &'static str {
        RECORD_KEY
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Err(DataFusionError::Execution(
            "a member without keys computes nothing".to_owned(),
        ))
    }
}

/// Whether a scalar function arrives as what it was sent as.
pub(super) fn carries_scalar(function: &ScalarUDF) -> bool {
    let name = function.name();
    let ours = record_secret_of(function).is_some() || bounds_of(function).is_some();
    ours || functions::stateless(name).is_some() || (name != run::CALL_DATE && functions::is_datafusions(name))
}

/// Whether an aggregate does.
pub(super) fn carries_aggregate(function: &AggregateUDF) -> bool {
    contributors_of(function).is_some() || functions::is_datafusions_aggregate(function.name())
}

fn schema_bytes(schema: &Schema) -> Vec<u8> {
    IpcSchemaEncoder::new().schema_to_fb(schema).finished_data().to_vec()
}

fn written(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| DataFusionError::External(Box::new(error)))
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| DataFusionError::External(Box::new(error)))
}

fn damaged(what: &str) -> DataFusionError {
    DataFusionError::Internal(what.to_owned())
}
