//! The sandbox: runs WebAssembly modules that can do nothing but compute, within limits of instructions, memory and time.

use std::sync::Once;
use std::thread;
use std::time::Duration;

use datafusion::arrow::array::{ArrayRef, Float64Array};
use quick_cache::sync::Cache;
use wasmtime::{Config, Engine, Linker, Memory, Module, ResourceLimiter, Store, Trap, TypedFunc};

use super::frame::{self, Frame};
use super::{Model, ModelError, ModelLimits};

/// Most modules that are held compiled.
const MODULES_MAX: usize = 64;
/// How exactly time is measured.
const TICK: Duration = Duration::from_millis(5);
/// Most bytes of a module's stack.
const STACK_BYTES_MAX: usize = 512 << 10;
/// Most entries of a module's table.
const TABLE_ENTRIES_MAX: usize = 10_000;

/// Compiles and runs modules. NaNs are canonical and fuel, not time, ends a loop first: scores are the same everywhere.
pub(super) struct Sandbox {
    engine: Engine,
    limits: ModelLimits,
    modules: Cache<String, Module>,
    clock: Once,
}

/// What a model exports.
struct Exports {
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    score: TypedFunc<(u32, u32, u32, u32, u32), u32>,
}

/// Keeps the memory of one instance within its limit.
struct Cap {
    bytes: usize,
    passed: bool,
}

impl Sandbox {
    pub(super) fn new(limits: ModelLimits) -> Result<Self, ModelError> {
        let mut config = Config::new();
        config
            .consume_fuel(true)
            .epoch_interruption(true)
            .cranelift_nan_canonicalization(true)
            .wasm_relaxed_simd(false)
            .wasm_multi_memory(false)
            .max_wasm_stack(STACK_BYTES_MAX);
        Ok(Self {
            engine: Engine::new(&config).map_err(|error| ModelError::Malformed(error.to_string()))?,
            limits,
            modules: Cache::new(MODULES_MAX),
            clock: Once::new(),
        })
    }

    /// Whether this is a module that can be run here.
    pub(super) fn check(&self, code: &[u8]) -> Result<(), ModelError> {
        let module = self.compile(code)?;
        self.instance(&module, 1).map(drop)
    }

    /// The scores of these rows.
    pub(super) fn score(&self, model: &Model, columns: &[ArrayRef], rows: usize) -> Result<Float64Array, ModelError> {
        let module = self.module(model)?;
        let frame = Frame::of(columns, rows).map_err(|_| ModelError::Failed)?;
        let (mut store, exports) = self.instance(&module, rows)?;
        let run = run(&mut store, &exports, &frame);
        run.map_err(|error| self.explain(&store, &error))
    }

    fn module(&self, model: &Model) -> Result<Module, ModelError> {
        if !model.is_pinned() {
            return Err(ModelError::Pin);
        }
        let compile = || self.compile(&model.code);
        self.modules.get_or_insert_with(&model.sha256, compile)
    }

    fn compile(&self, code: &[u8]) -> Result<Module, ModelError> {
        if code.len() > self.limits.code_bytes {
            return Err(ModelError::Code(self.limits.code_bytes));
        }
        let module = Module::new(&self.engine, code).map_err(|error| ModelError::Malformed(error.to_string()))?;
        let name = |import: wasmtime::ImportType<'_>| format!("{}.{}", import.module(), import.name());
        let import = module.imports().next().map(name);
        match import {
            Some(import) => Err(ModelError::Import(import)),
            None => Ok(module),
        }
    }

    /// A fresh instance with fuel for so many rows.
    fn instance(&self, module: &Module, rows: usize) -> Result<(Store<Cap>, Exports), ModelError> {
        self.start_clock();
        let cap = Cap {
            bytes: self.limits.memory_bytes,
            passed: false,
        };
        let mut store = Store::new(&self.engine, cap);
        store.limiter(|cap| cap);
        let rows = u64::try_from(rows.max(1)).unwrap_or(u64::MAX);
        let fuel = self.limits.fuel_per_row.saturating_mul(rows);
        store.set_fuel(fuel).map_err(|_| ModelError::Failed)?;
        let ticks = self.limits.time.as_millis().div_ceil(TICK.as_millis());
        store.set_epoch_deadline(u64::try_from(ticks).unwrap_or(u64::MAX).saturating_add(1));
        let made = Linker::new(&self.engine).instantiate(&mut store, module);
        let instance = made.map_err(|error| self.explain(&store, &error))?;
        let memory = instance.get_memory(&mut store, "memory");
        let exports = Exports {
            memory: memory.ok_or(ModelError::Export("memory"))?,
            alloc: instance
                .get_typed_func(&mut store, "alloc")
                .map_err(|_| ModelError::Export("alloc"))?,
            score: instance
                .get_typed_func(&mut store, "score")
                .map_err(|_| ModelError::Export("score"))?,
        };
        Ok((store, exports))
    }

    /// Which limit was passed. Anything else a model fails for looks the same from outside.
    fn explain(&self, store: &Store<Cap>, error: &wasmtime::Error) -> ModelError {
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => ModelError::Fuel(self.limits.fuel_per_row),
            Some(Trap::Interrupt) => ModelError::Time(self.limits.time),
            _ if store.data().passed => ModelError::Memory(self.limits.memory_bytes),
            _ => ModelError::Failed,
        }
    }

    /// The clock that ends what takes too long. It ends with the sandbox.
    fn start_clock(&self) {
        self.clock.call_once(|| {
            let engine = self.engine.weak();
            thread::spawn(move || {
                while let Some(engine) = engine.upgrade() {
                    engine.increment_epoch();
                    drop(engine);
                    thread::sleep(TICK);
                }
            });
        });
    }
}

/// Puts the frame into the memory of the model, lets it score, and takes the scores out.
fn run(store: &mut Store<Cap>, exports: &Exports, frame: &Frame) -> wasmtime::Result<Float64Array> {
    let number = |size: usize| u32::try_from(size).map_err(wasmtime::Error::from);
    let base = exports.alloc.call(&mut *store, number(frame.bytes)?)?;
    let start = usize::try_from(base)?;
    exports.memory.write(&mut *store, start, &frame.write(base))?;
    let place = |offset: usize| number(start.saturating_add(offset));
    let (scores, present) = (place(frame.scores)?, place(frame.present)?);
    let sizes = (number(frame.width())?, number(frame.rows)?);
    let status = exports
        .score
        .call(&mut *store, (base, sizes.0, sizes.1, scores, present))?;
    if status != 0 {
        return Err(wasmtime::Error::msg("a status other than 0"));
    }
    let (mut values, mut marks) = (vec![0; frame.rows * 8], vec![0; frame.rows.div_ceil(8)]);
    exports.memory.read(&*store, start + frame.scores, &mut values)?;
    exports.memory.read(&*store, start + frame.present, &mut marks)?;
    Ok(frame::scores(&values, &marks))
}

impl ResourceLimiter for Cap {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired <= self.bytes {
            return Ok(true);
        }
        self.passed = true;
        Err(wasmtime::Error::msg("the memory limit"))
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ENTRIES_MAX)
    }
}
