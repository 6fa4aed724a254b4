//! Models as registered: ONNX files up to the engine's answer, and, as modules, WebAssembly ones.
#![no_main]

use std::sync::LazyLock;

use gongshu_engine::{Config, Engine, ModelFormat};
use libfuzzer_sys::fuzz_target;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Config::default()).unwrap());

fuzz_target!(|bytes: &[u8]| {
    for format in [ModelFormat::Onnx, ModelFormat::Wasm] {
        let _ = ENGINE.check_model(format, bytes, 2);
    }
});
