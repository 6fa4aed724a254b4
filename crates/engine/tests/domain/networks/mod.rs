//! ONNX models: every operator does what it is for, no row meets another, and nothing runs whose cost is not known.

mod scores;

use gongshu_engine::{Config, Engine, GraphFault, ModelError, ModelFormat, ModelLimits};
use proptest::prelude::*;

use crate::world;
use crate::world::onnx::{elsewhere, float, floats, int, ints, model, model_of, node, part, text, wholes};

type Node = Vec<u8>;

fn engine(limit: impl FnOnce(&mut ModelLimits)) -> Engine {
    let mut config = Config::default();
    // What is tried is not how fast a busy machine makes a network ready.
    config.models.time = std::time::Duration::from_secs(60);
    limit(&mut config.models);
    Engine::new(config).unwrap()
}

/// What the engine says of a network over two columns, `rows`.
fn check(nodes: &[Node], constants: &[Node]) -> Result<(), ModelError> {
    check_file(&model(&[("rows", 2)], nodes, constants))
}

fn check_file(code: &[u8]) -> Result<(), ModelError> {
    engine(|_| {}).check_model(ModelFormat::Onnx, code, 2)
}

/// A network that ends in the sum of a row of so many columns, so that all of them count.
fn summed(columns: i64, mut nodes: Vec<Node>, constants: &[Node]) -> Vec<u8> {
    nodes.push(node("MatMul", &["y", "ones"], "score", &[]));
    let ones = vec![1.0; usize::try_from(columns).unwrap()];
    let constants = [constants, &[floats("ones", &[columns, 1], &ones)]].concat();
    model(&[("rows", 2)], &nodes, &constants)
}

#[test]
fn whatever_could_mix_rows_is_refused() {
    let weights = [floats("w", &[2, 1], &[1.0, 1.0]), wholes("first", &[1], &[0])];
    let rows =
        |node: Node, name: &str| assert_eq!(check(&[node], &weights), Err(GraphFault::Rows(name.to_owned()).into()));
    rows(node("ReduceMax", &["rows"], "score", &[]), "ReduceMax");
    rows(
        node("ReduceMax", &["rows"], "score", &[ints("axes", &[0, 1])]),
        "ReduceMax",
    );
    rows(node("Concat", &["rows", "rows"], "score", &[int("axis", 0)]), "Concat");
    rows(node("Gather", &["rows", "first"], "score", &[int("axis", 0)]), "Gather");
    rows(node("Gather", &["rows", "first"], "score", &[]), "Gather");
    rows(node("Gather", &["rows", "rows"], "score", &[int("axis", 1)]), "Gather");
    rows(node("Gemm", &["rows", "w"], "score", &[int("transA", 1)]), "Gemm");
    rows(node("MatMul", &["rows", "rows"], "score", &[]), "MatMul");
    // A constant with a value for each row of a batch.
    let each = vec![1.0; 512];
    let constants = [floats("each", &[256, 2], &each)];
    let mixed = check(&[node("Add", &["rows", "each"], "score", &[])], &constants);
    assert_eq!(mixed, Err(GraphFault::Rows("Add".to_owned()).into()));
    let constants = [floats("each", &[256, 256], &vec![1.0; 65_536])];
    let mixed = check(&[node("MatMul", &["each", "rows"], "score", &[])], &constants);
    assert!(mixed.is_err());
}

#[test]
fn operators_that_branch_draw_or_move_are_refused_by_name() {
    for operator in [
        "If",
        "Loop",
        "Scan",
        "RandomNormalLike",
        "Dropout",
        "Transpose",
        "Reshape",
        "CumSum",
        "TopK",
        "Unheard",
    ] {
        let refused = check(&[node(operator, &["rows"], "score", &[])], &[]);
        assert_eq!(refused, Err(GraphFault::Operator(operator.to_owned()).into()));
    }
    let foreign = [node("Relu", &["rows"], "y", &[]), part(7, b"com.example")].concat();
    assert_eq!(
        check(&[foreign], &[]),
        Err(GraphFault::Operator("Relu".to_owned()).into())
    );
}

#[test]
fn what_a_file_says_has_to_fit() {
    let fault = |nodes: &[Node], constants: &[Node]| match check(nodes, constants) {
        Err(ModelError::Graph(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let input = |name: &str| GraphFault::Input(name.to_owned());
    assert_eq!(fault(&[node("Relu", &["absent"], "score", &[])], &[]), input("Relu"));
    assert_eq!(
        fault(&[node("Relu", &["score"], "score", &[])], &[]),
        input("Relu"),
        "of itself"
    );
    assert_eq!(
        fault(&[node("Relu", &["rows"], "rows", &[])], &[]),
        GraphFault::Name("rows".to_owned())
    );
    assert_eq!(
        fault(&[node("Relu", &["rows"], "score", &[])], &[]),
        GraphFault::Output,
        "two columns"
    );
    let twice = node("Relu", &["rows"], "y", &[float("alpha", 1.0)]);
    let attribute = |node: &str, attribute: &str| GraphFault::Attribute {
        node: node.to_owned(),
        attribute: attribute.to_owned(),
    };
    assert_eq!(fault(&[twice], &[]), attribute("Relu", "alpha"));
    let axes = [int("axis", 1), int("axis", 0)];
    assert_eq!(
        fault(&[node("Concat", &["rows"], "y", &axes)], &[]),
        attribute("Concat", "axis")
    );
    let typed = [text("axis", "1")];
    assert_eq!(
        fault(&[node("Concat", &["rows"], "y", &typed)], &[]),
        attribute("Concat", "axis")
    );
    assert_eq!(
        fault(
            &[node("MatMul", &["rows", "w"], "score", &[])],
            &[floats("w", &[3, 1], &[1.0; 3])]
        ),
        input("MatMul")
    );
    assert_eq!(
        fault(
            &[node("Add", &["rows", "w"], "y", &[])],
            &[floats("w", &[3], &[1.0; 3])]
        ),
        input("Add")
    );
    let places = [wholes("far", &[1], &[2])];
    assert_eq!(
        fault(&[node("Gather", &["rows", "far"], "score", &[int("axis", 1)])], &places),
        input("Gather")
    );
}

#[test]
fn constants_stand_in_the_file_itself() {
    let nodes = [node("MatMul", &["rows", "w"], "score", &[])];
    let of = |constant| check(&nodes, &[constant]);
    let refused = Err(GraphFault::Constant("w".to_owned()).into());
    assert_eq!(of(elsewhere("w", &[2, 1], "/etc/passwd")), refused, "no file is read");
    assert_eq!(of(floats("w", &[2, 1], &[1.0])), refused, "fewer numbers than stated");
    assert_eq!(of(floats("w", &[2, 1, 1], &[1.0; 2])), refused);
    assert_eq!(of(floats("w", &[i64::MAX, 4], &[])), refused);
    assert_eq!(of(floats("w", &[0, 1], &[])), refused);
    assert_eq!(of(floats("w", &[-2, 1], &[1.0; 2])), refused);
    assert_eq!(of(floats("w", &[2, 1], &[1.0; 2])), Ok(()));
}

#[test]
fn inputs_are_the_declared_columns() {
    let nodes = [node("Sub", &["a", "b"], "score", &[])];
    let of = |inputs: &[(&str, i64)]| check_file(&model(inputs, &nodes, &[]));
    assert_eq!(of(&[("a", 1), ("b", 1)]), Ok(()));
    for inputs in [
        &[("a", 1_i64)] as &[(&str, i64)],
        &[("a", 1), ("b", 2)],
        &[("a", 1), ("b", -1)],
        &[("a", 1), ("b", i64::MAX)],
    ] {
        assert_eq!(of(inputs), Err(GraphFault::Columns(2).into()));
    }
    let set = |version| check_file(&model_of(version, &[("a", 1), ("b", 1)], &nodes, &[]));
    assert_eq!(set(12), Err(GraphFault::Version(13, 17).into()));
    assert_eq!(set(18), Err(GraphFault::Version(13, 17).into()));
    assert_eq!(set(13), Ok(()));
    // Functions would give operators another meaning.
    let function = [model(&[("a", 1), ("b", 1)], &nodes, &[]), part(25, &part(1, b"Sub"))].concat();
    assert_eq!(check_file(&function), Err(GraphFault::Version(13, 17).into()));
    for text in [b"" as &[u8], b"(module)", b"\x0a\xff\xff", &[0xff; 40]] {
        assert!(check_file(text).is_err());
    }
}

#[test]
fn each_limit_of_a_network_has_its_error() {
    let limits = ModelLimits::default();
    let with = |limit: fn(&mut ModelLimits), code: &[u8]| engine(limit).check_model(ModelFormat::Onnx, code, 2);
    let logistic = world::logistic();
    assert_eq!(with(|_| {}, &logistic), Ok(()));
    assert_eq!(
        with(|limits| limits.code_bytes = 10, &logistic),
        Err(ModelError::Code(10))
    );
    assert_eq!(
        with(|limits| limits.operators = 1, &logistic),
        Err(ModelError::Operators(1))
    );
    assert_eq!(
        with(|limits| limits.fuel_per_row = 2, &logistic),
        Err(ModelError::Fuel(2))
    );
    assert_eq!(
        with(|limits| limits.memory_bytes = 100, &logistic),
        Err(ModelError::Memory(100))
    );
    let time = std::time::Duration::from_nanos(1);
    assert_eq!(
        with(|limits| limits.time = std::time::Duration::from_nanos(1), &logistic),
        Err(ModelError::Time(time))
    );
    // Each doubles the columns of the one before: a kilobyte that asks for 2⁴⁰ numbers a row.
    let mut doubling: Vec<Node> = Vec::new();
    let names: Vec<String> = (0..=40)
        .map(|step| {
            if step == 0 {
                "rows".to_owned()
            } else {
                format!("d{step}")
            }
        })
        .collect();
    for pair in names.windows(2) {
        doubling.push(node("Concat", &[&pair[0], &pair[0]], &pair[1], &[int("axis", 1)]));
    }
    doubling.push(node("Gather", &["d40", "first"], "score", &[int("axis", 1)]));
    let bomb = model(&[("rows", 2)], &doubling, &[wholes("first", &[1], &[0])]);
    assert_eq!(check_file(&bomb), Err(ModelError::Fuel(limits.fuel_per_row)));
}

/// One layer of a random network: weights, and the operator after them.
fn layer() -> impl Strategy<Value = (Vec<f32>, usize)> {
    (proptest::collection::vec(-3.0_f32..3.0, 64), 0..ACTIVATIONS.len())
}

const ACTIVATIONS: [&str; 7] = ["Relu", "Sigmoid", "Tanh", "Exp", "Abs", "Softplus", "Identity"];

/// Layers of these widths, the last one of one column.
fn layers(widths: &[usize], drawn: &[(Vec<f32>, usize)]) -> Vec<u8> {
    let (mut nodes, mut constants, mut from, mut value) = (Vec::new(), Vec::new(), 2, "rows".to_owned());
    let to = widths.iter().copied().chain([1]);
    for (index, (to, (weights, activation))) in to.zip(drawn).enumerate() {
        let [table, product, next] = ["w", "p", "v"].map(|letter| format!("{letter}{index}"));
        let weights: Vec<f32> = weights.iter().cycle().take(from * to).copied().collect();
        let size = |number: usize| i64::try_from(number).unwrap();
        constants.push(floats(&table, &[size(from), size(to)], &weights));
        nodes.push(node("MatMul", &[&value, &table], &product, &[]));
        nodes.push(node(ACTIVATIONS[*activation], &[&product], &next, &[]));
        (from, value) = (to, next);
    }
    nodes.push(node("Identity", &[&value], "score", &[]));
    model(&[("rows", 2)], &nodes, &constants)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// The probe at registration scores rows in other places, beside infinities and what is no number.
    #[test]
    fn random_networks_keep_rows_apart(
        widths in proptest::collection::vec(1_usize..40, 0..4), drawn in proptest::collection::vec(layer(), 4),
    ) {
        prop_assert_eq!(check_file(&layers(&widths, &drawn)), Ok(()));
    }

    /// Files that are damaged are refused or scored; nothing breaks.
    #[test]
    fn damaged_files_break_nothing(at in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()) {
        let mut code = world::logistic();
        let place = at.index(code.len());
        code[place] = byte;
        let _ = check_file(&code);
        code.truncate(cut.index(code.len()));
        let _ = check_file(&code);
    }
}
