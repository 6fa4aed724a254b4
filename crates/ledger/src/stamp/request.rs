//! What a log asks an authority, and what it reads out of the reply.

use super::StampError;
use super::asn1::{
    ContentInfo, Encapsulated, MessageImprint, SHA_256, SIGNED_DATA, StatusInfo, TST_INFO, TimeStampReq, TimeStampResp,
};
use crate::suite::Suite;
use der::asn1::{AnyRef, GeneralizedTime, Int, OctetString};
use der::{Decode, Encode, Reader, SliceReader};
use x509_cert::spki::AlgorithmIdentifierOwned;

/// A request to stamp the SHA-256 of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampRequest {
    imprint: MessageImprint,
    nonce: Int,
}

impl StampRequest {
    /// A request about `data`, told from others by a random number.
    pub fn new(data: &[u8], nonce: u64) -> Result<Self, StampError> {
        Ok(Self {
            imprint: imprint_of(data)?,
            // Seven bytes that begin with the bits 01: positive, and always of one length.
            nonce: Int::new(&(nonce >> 10 | 1 << 54).to_be_bytes()[1..])?,
        })
    }

    /// The bytes that are sent.
    pub fn to_bytes(&self) -> Result<Vec<u8>, StampError> {
        let request = TimeStampReq {
            version: 1,
            message_imprint: self.imprint.clone(),
            req_policy: None,
            nonce: Some(self.nonce.clone()),
            cert_req: true,
            extensions: None,
        };
        Ok(request.to_der()?)
    }

    /// Checks that a reply grants this request, and gives the stamped second since 1970.
    pub fn read(&self, reply: &[u8]) -> Result<u64, StampError> {
        let said = Said::of_reply(reply)?;
        if said.imprint == self.imprint && said.nonce.as_ref() == Some(&self.nonce) {
            Ok(said.seconds)
        } else {
            Err(StampError::Mismatch)
        }
    }
}

/// Checks that a reply stamps `data`, and gives the stamped second since 1970.
///
/// Signature and certificate are not looked at; [`check_stamp`](super::check_stamp) does.
pub fn read_stamp(data: &[u8], reply: &[u8]) -> Result<u64, StampError> {
    let said = Said::of_reply(reply)?;
    if said.imprint == imprint_of(data)? {
        Ok(said.seconds)
    } else {
        Err(StampError::Mismatch)
    }
}

/// The token in a reply that grants: what is put beside a signature (RFC 3161, appendix A).
pub fn token_of(reply: &[u8]) -> Result<Vec<u8>, StampError> {
    let reply = TimeStampResp::from_der(reply)?;
    match reply.token {
        Some(token) => Ok(token.to_der()?),
        None => Err(StampError::Refused(reply.status.status)),
    }
}

/// A reply that grants this token, for what reads replies.
pub fn reply_of(token: &[u8]) -> Result<Vec<u8>, StampError> {
    let reply = TimeStampResp {
        status: StatusInfo {
            status: 0,
            status_string: None,
            fail_info: None,
        },
        token: Some(ContentInfo::from_der(token)?),
    };
    Ok(reply.to_der()?)
}

fn imprint_of(data: &[u8]) -> Result<MessageImprint, StampError> {
    Ok(MessageImprint {
        hash_algorithm: AlgorithmIdentifierOwned {
            oid: SHA_256,
            parameters: None,
        },
        hashed_message: OctetString::new(Suite::International.digest(&[data]).as_bytes().as_slice())?,
    })
}

/// The part of a stamp that is read here; authorities differ in the rest.
struct Said {
    imprint: MessageImprint,
    seconds: u64,
    nonce: Option<Int>,
}

impl Said {
    fn of_reply(reply: &[u8]) -> Result<Self, StampError> {
        let reply = TimeStampResp::from_der(reply)?;
        match (reply.status.status, reply.token) {
            (0 | 1, Some(token)) => Self::of_token(&token),
            (status, _) => Err(StampError::Refused(status)),
        }
    }

    fn of_token(token: &ContentInfo) -> Result<Self, StampError> {
        if token.content_type != SIGNED_DATA {
            return Err(StampError::Mismatch);
        }
        let encapsulated = encapsulated(token.content.value())?;
        if encapsulated.content_type != TST_INFO {
            return Err(StampError::Mismatch);
        }
        let info = AnyRef::from_der(encapsulated.content.as_bytes())?;
        Ok(Self::of_info(info.value())?)
    }

    /// Reads a `TSTInfo` up to its time, and takes the nonce out of what follows.
    fn of_info(info: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(info)?;
        let _version = u8::decode(&mut reader)?;
        let _policy = AnyRef::decode(&mut reader)?;
        let mut imprint = MessageImprint::decode(&mut reader)?;
        // Parameters that are NULL and parameters that are absent mean the same here (RFC 5754, section 2).
        imprint.hash_algorithm.parameters = None;
        let _serial = Int::decode(&mut reader)?;
        let time = AnyRef::decode(&mut reader)?;
        let mut nonce = None;
        while !reader.is_finished() {
            let field = AnyRef::decode(&mut reader)?;
            nonce = nonce.or_else(|| field.decode_as::<Int>().ok());
        }
        Ok(Self {
            imprint,
            seconds: seconds(time)?,
            nonce,
        })
    }
}

/// The content of a `SignedData`, without a look at certificates and signatures.
fn encapsulated(signed_data: &[u8]) -> der::Result<Encapsulated> {
    let mut reader = SliceReader::new(signed_data)?;
    let _version = u8::decode(&mut reader)?;
    let _digests = AnyRef::decode(&mut reader)?;
    Encapsulated::decode(&mut reader)
}

/// The second of a `GeneralizedTime`, its fraction cut off.
fn seconds(time: AnyRef<'_>) -> der::Result<u64> {
    let text = std::str::from_utf8(time.value()).unwrap_or_default();
    let whole = text.split(['.', 'Z']).next().unwrap_or_default();
    let whole = format!("{whole}Z");
    let der = [&[0x18, u8::try_from(whole.len()).unwrap_or(0)], whole.as_bytes()].concat();
    Ok(GeneralizedTime::from_der(&der)?.to_unix_duration().as_secs())
}
