//! Calls of models: what may go into one, and what comes out.

use datafusion::logical_expr::Expr;

use super::derivation::Control;
use super::expr::Scope;
use super::label::{Kind, Label, Source, Treatment};
use super::node::Checker;
use super::refusal::FlowRefusal;
use super::rule::FlowRule;
use super::uses::free_rows;
use crate::model::{Model, Standing};

impl Checker<'_> {
    /// The label of a model's score.
    pub(super) fn scored(&mut self, model: &Model, args: &[Expr], scope: &Scope<'_>) -> Result<Label, FlowRefusal> {
        check_standing(model)?;
        free_rows(scope.flow, &model.function)?;
        if self.scans.get(&model.table).copied().unwrap_or(0) > 1 {
            return Err(scanned_twice(model));
        }
        let mut labels = Vec::with_capacity(args.len());
        for (index, arg) in args.iter().enumerate() {
            let label = self.expr(arg, scope)?;
            let declared = model.inputs.get(index);
            let taken = label.exactly().is_some_and(|source| is_input(model, source, declared));
            if !taken || args.len() != model.inputs.len() {
                return Err(other_input(model, index, arg));
            }
            labels.push(label.treated(&Treatment::Scored(model.function.as_str().into())));
        }
        self.controls.insert(Control::Model {
            function: model.function.clone(),
            sha256: model.sha256.clone(),
            table: model.table.clone(),
            inputs: model.inputs.clone(),
        });
        Ok(Label {
            fails: true,
            ..Label::derived(labels)
        })
    }
}

/// Whether a source is the declared column itself, and its rule gives it to models or to everyone.
fn is_input(model: &Model, source: &Source, declared: Option<&String>) -> bool {
    let usable = source.is_free() || (source.kind == Kind::Scored && source.treatment == Treatment::Raw);
    usable && *source.table == *model.table && declared.is_some_and(|declared| *source.column == **declared)
}

fn check_standing(model: &Model) -> Result<(), FlowRefusal> {
    let function = &model.function;
    if !model.is_pinned() {
        return Err(FlowRefusal::new(
            FlowRule::ModelPin,
            (
                format!("模型 `{function}` 的模块与登记的 SHA-256 不一致"),
                format!("the module of the model `{function}` is not the one whose SHA-256 is on record"),
            ),
            (
                "请以经审查的模块重新登记模型",
                "register the model again with the module that was reviewed",
            ),
        ));
    }
    match model.standing {
        Standing::InForce => Ok(()),
        Standing::Registered => Err(FlowRefusal::new(
            FlowRule::ModelUnreviewed,
            (
                format!("模型 `{function}` 尚未审查"),
                format!("the model `{function}` is not reviewed"),
            ),
            (
                "请待登记人以外的人员审查模型",
                "let a person other than the registrar review it first",
            ),
        )),
        Standing::Stopped => Err(FlowRefusal::new(
            FlowRule::ModelStopped,
            (
                format!("模型 `{function}` 已暂停或撤回"),
                format!("the model `{function}` is suspended or withdrawn"),
            ),
            ("请使用在用的模型版本", "use a version of the model that is in force"),
        )),
    }
}

fn other_input(model: &Model, index: usize, arg: &Expr) -> FlowRefusal {
    let (function, table) = (&model.function, &model.table);
    let inputs = model.inputs.join(", ");
    FlowRefusal::new(
        FlowRule::ModelInput,
        (
            format!(
                "模型 `{function}` 的第 {} 个参数 `{arg}` 不是其申报的输入字段本身（申报：{table}: {inputs}）",
                index + 1
            ),
            format!(
                "argument {} of the model `{function}`, `{arg}`, is not its declared input itself ({table}: {inputs})",
                index + 1
            ),
        ),
        (
            "请按申报的顺序直接传入该模型申报的字段，不要先作计算",
            "pass the declared columns themselves, in their order, without computing before",
        ),
    )
}

/// Columns of two scans could meet in one score as no row has them.
fn scanned_twice(model: &Model) -> FlowRefusal {
    let (function, table) = (&model.function, &model.table);
    FlowRefusal::new(
        FlowRule::ModelInput,
        (
            format!("使用模型 `{function}` 的查询不得多次读取 `{table}`：不同记录的字段会拼成一条"),
            format!(
                "a query with the model `{function}` reads `{table}` once: fields of two rows could meet in one score"
            ),
        ),
        (
            "请去掉自连接或对该表的子查询",
            "take out the self-join or the subquery over the table",
        ),
    )
}
