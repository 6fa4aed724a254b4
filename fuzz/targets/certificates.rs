//! What people and machines hand to the certificate authority: signing requests (PKCS #10), status requests (OCSP) and
//! signatures of documents (CMS).
#![no_main]

use std::sync::LazyLock;

use gongshu_certificate::{
    Algorithm, Authority, DocumentSignature, SigningRequest, Standing, StatusRequest, Subject, Term,
};
use libfuzzer_sys::fuzz_target;

const NOW: u64 = 1_795_564_800;

static AUTHORITY: LazyLock<Authority> =
    LazyLock::new(|| Authority::root(Algorithm::EcdsaP256, "fuzz.example", &[7; 32], &[1; 16], NOW).unwrap());

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = SigningRequest::parse(bytes) {
        let subject = Subject::service("fuzz", "fuzz", "pty_fuzz");
        if let Ok(issued) = AUTHORITY.issue(&request, &subject, &[2; 16], Term::days(NOW, 1)) {
            assert!(issued.to_der().is_ok());
        }
    }
    if let Ok(request) = StatusRequest::parse(bytes) {
        let answer = AUTHORITY.answer_status(&request, |_| Standing::Good, Term::days(NOW, 1));
        assert!(answer.is_ok(), "what was read can be answered");
    }
    if let Ok(signature) = DocumentSignature::parse(bytes) {
        assert!(signature.to_der().is_ok());
        let _ = signature.verify(bytes);
        let _ = signature.time_stamp();
    }
});
