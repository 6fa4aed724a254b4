//! Derivations: why a query may run, for a reviewer to read and a receipt to commit to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use gongshu_governance::Text;
use gongshu_governance::resource::NoiseDistribution;
use gongshu_governance::rules::Rule;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Why a query may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Derivation {
    /// What is read.
    pub reads: Vec<Read>,
    /// What leaves.
    pub outputs: Vec<Output>,
    /// What decides which rows are there, or in which order: `table.column`, how it was treated, and how it decides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
    /// Which controls stand before it.
    pub controls: Vec<Control>,
    /// Loss of privacy of one answer, by table, in millionths of ρ.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub losses: BTreeMap<String, u64>,
}

/// A column that is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Read {
    /// Table.
    pub table: String,
    /// Column.
    pub column: String,
    /// Word of its release rule.
    pub rule: String,
}

/// A column that leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// What it depends on: `table.column` with the treatment that lets it leave.
    pub sources: Vec<String>,
}

/// A control.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "control")]
pub enum Control {
    /// Groups with fewer distinct subjects are held back.
    Threshold {
        /// The guarded table.
        table: String,
        /// Smallest number of distinct subjects.
        subjects: u64,
    },
    /// Sums and means that few contributors make up are held back.
    Dominance {
        /// The guarded table.
        table: String,
        /// How many of the largest are taken together.
        contributors: u32,
        /// Their largest share, in percent.
        percent: u32,
    },
    /// Sums and means from which one contributor could estimate another are held back.
    PPercent {
        /// The guarded table.
        table: String,
        /// Protection of the largest, in percent of it.
        percent: u32,
    },
    /// Results get noise that the records decide.
    CellKey {
        /// The guarded table.
        table: String,
        /// Largest change of a count.
        deviation_max: u32,
        /// Its variance, in hundredths.
        variance_percent: u32,
        /// Noise of a sum, in percent of its largest contribution.
        magnitude_percent: u32,
    },
    /// Counts are rounded.
    Rounding {
        /// The guarded table.
        table: String,
        /// To a multiple of this.
        base: u64,
    },
    /// Results over a column get noise, charged to the privacy budget.
    Private {
        /// The guarded table.
        table: String,
        /// The column.
        column: String,
        /// Loss of one result, in millionths of ρ.
        rho_micro: u64,
        /// Values are clamped from here.
        low: i64,
        /// To here.
        high: i64,
        /// How the noise is distributed.
        #[serde(skip_serializing_if = "is_gaussian")]
        noise: NoiseDistribution,
        /// How many groups of a subject count, where it can have several records.
        #[serde(skip_serializing_if = "Option::is_none")]
        groups: Option<u32>,
        /// How many of its records count in each, likewise.
        #[serde(skip_serializing_if = "Option::is_none")]
        rows: Option<u32>,
    },
    /// In a table with totals, what is held back takes other cells with it.
    Totals {
        /// The guarded table.
        table: String,
        /// How far the interval of a cell that is held back for its own sake reaches to each side, in percent of its
        /// size.
        aside_percent: u32,
    },
    /// Only the rows of the consenting subject are visible.
    ConsentGate {
        /// The gated table.
        table: String,
        /// Its subject key.
        column: String,
        /// Number of the parameter that names the subject, from 1.
        parameter: usize,
    },
    /// Only the rows of subjects whose consent covers all consented columns that are read are visible.
    ConsentSet {
        /// The gated table.
        table: String,
        /// Its subject key.
        column: String,
    },
    /// A reviewed model takes these columns, and only its score leaves.
    Model {
        /// Its function.
        function: String,
        /// SHA-256 of its module.
        sha256: String,
        /// The table whose rows it scores.
        table: String,
        /// The columns it takes.
        inputs: Vec<String>,
    },
    /// The rows go into a trainer and nowhere else; the model that comes out is reviewed before a score leaves.
    Training {
        /// The table of the rows.
        table: String,
        /// The columns that the model takes.
        inputs: Vec<String>,
        /// The columns of which its label is made.
        label: Vec<String>,
        /// The columns that choose the rows.
        chosen: Vec<String>,
        /// Fewest subjects that are trained on, left out, or tell two training sets apart.
        subjects: u64,
        /// Fewest subjects for each input.
        subjects_per_input: u64,
        /// Fewest subjects on each side of the mean of a column.
        side: u64,
        /// Largest influence of one subject, in percent.
        influence_percent: u64,
    },
}

// The form that serde asks for.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_gaussian(noise: &NoiseDistribution) -> bool {
    *noise == NoiseDistribution::Gaussian
}

impl Derivation {
    /// SHA-256 over its JSON, lower-case hex.
    #[must_use]
    pub fn hash(&self) -> String {
        // Only strings and integers in declared order: the text is canonical.
        let json = serde_json::to_vec(self).unwrap_or_default();
        hex::encode(Sha256::digest(json))
    }

    /// The columns read, by table.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.fields_where(|_| true)
    }

    /// The columns read that need consent, by table.
    #[must_use]
    pub fn consented_fields(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.fields_where(|read| read.rule == "consented")
    }

    /// The models that are called, by their function, with the SHA-256 of their modules.
    #[must_use]
    pub fn models(&self) -> BTreeMap<String, String> {
        let model = |control: &Control| match control {
            Control::Model { function, sha256, .. } => Some((function.clone(), sha256.clone())),
            _ => None,
        };
        self.controls.iter().filter_map(model).collect()
    }

    /// Whether a column is read that is not open.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        self.reads.iter().any(|read| read.rule != "open")
    }

    fn fields_where(&self, keep: impl Fn(&Read) -> bool) -> BTreeMap<String, BTreeSet<String>> {
        let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for read in self.reads.iter().filter(|read| keep(read)) {
            fields
                .entry(read.table.clone())
                .or_default()
                .insert(read.column.clone());
        }
        fields
    }

    /// The derivation as a tree for people.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::new(self.render(&ZH), self.render(&EN))
    }

    fn render(&self, words: &Words) -> String {
        let mut text = String::new();
        for output in &self.outputs {
            let _ = writeln!(text, "{} {}", words.output, output.name);
            for source in &output.sources {
                let _ = writeln!(text, "  └ {source}");
            }
            if output.sources.is_empty() {
                let _ = writeln!(text, "  └ {}", words.no_source);
            }
        }
        for source in &self.decided {
            let _ = writeln!(text, "{} {source}", words.decided);
        }
        for control in &self.controls {
            let _ = writeln!(text, "{} {}", words.control, control.sentence(words));
        }
        for read in &self.reads {
            let _ = writeln!(text, "{} {}.{} ({})", words.read, read.table, read.column, read.rule);
        }
        text
    }
}

impl Control {
    /// The rule of the packs that it keeps.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            // What is held back by complementary suppression is held back for what is too small or tells too much.
            Self::Threshold { .. } | Self::Totals { .. } => Rule::Threshold,
            Self::Dominance { .. } => Rule::Dominance,
            Self::PPercent { .. } => Rule::PPercent,
            Self::CellKey { .. } => Rule::CellKey,
            Self::Rounding { .. } => Rule::Rounding,
            Self::Private { .. } => Rule::PrivacyBudget,
            Self::ConsentGate { .. } | Self::ConsentSet { .. } => Rule::Consent,
            Self::Model { .. } => Rule::ModelInForce,
            Self::Training { .. } => Rule::ModelTraining,
        }
    }

    fn sentence(&self, words: &Words) -> String {
        match self {
            Self::Threshold { table, subjects } => format!("{table}: {} {subjects}", words.threshold),
            Self::Dominance {
                table,
                contributors,
                percent,
            } => {
                format!("{table}: {} n = {contributors}, k = {percent}%", words.dominance)
            }
            Self::PPercent { table, percent } => format!("{table}: {} p = {percent}%", words.p_percent),
            Self::CellKey {
                table,
                deviation_max,
                variance_percent,
                magnitude_percent,
            } => format!(
                "{table}: {} D = {deviation_max}, V = {variance_percent}%, m = {magnitude_percent}%",
                words.cell_key
            ),
            Self::Totals { table, aside_percent } => format!("{table}: {} {aside_percent}%", words.totals),
            Self::Rounding { table, base } => format!("{table}: {} {base}", words.rounding),
            Self::Private {
                table,
                column,
                rho_micro,
                low,
                high,
                noise,
                groups,
                rows,
            } => {
                let name = match noise {
                    NoiseDistribution::Gaussian => words.gaussian,
                    NoiseDistribution::Laplace => words.laplace,
                };
                let contribution = groups.zip(*rows).map_or_else(String::new, |(groups, rows)| {
                    format!(", {} m = {groups}, c = {rows}", words.contribution)
                });
                format!("{table}.{column}: {name} ρ = {rho_micro}·10⁻⁶, [{low}, {high}]{contribution}")
            }
            Self::ConsentGate {
                table,
                column,
                parameter,
            } => format!("{table}.{column} = ${parameter}: {}", words.gate),
            Self::ConsentSet { table, column } => format!("{table}.{column}: {}", words.set),
            Self::Model {
                function,
                sha256,
                table,
                inputs,
            } => format!("{function}({table}: {}): {} {sha256}", inputs.join(", "), words.model),
            Self::Training {
                table,
                inputs,
                label,
                chosen,
                subjects,
                subjects_per_input,
                side,
                influence_percent,
            } => {
                let chosen = match chosen.as_slice() {
                    [] => String::new(),
                    chosen => format!(" | {}", chosen.join(", ")),
                };
                format!(
                    "{table}: {} → {}{chosen}: {} N = {subjects}, n = {subjects_per_input}, s = {side}, i = {influence_percent}%",
                    inputs.join(", "),
                    label.join(", "),
                    words.training,
                )
            }
        }
    }
}

struct Words {
    output: &'static str,
    no_source: &'static str,
    decided: &'static str,
    control: &'static str,
    threshold: &'static str,
    dominance: &'static str,
    p_percent: &'static str,
    cell_key: &'static str,
    rounding: &'static str,
    totals: &'static str,
    gaussian: &'static str,
    laplace: &'static str,
    contribution: &'static str,
    gate: &'static str,
    set: &'static str,
    model: &'static str,
    training: &'static str,
    read: &'static str,
}

const ZH: Words = Words {
    output: "输出",
    no_source: "不依赖任何数据",
    decided: "行的取舍与次序取决于",
    control: "控制",
    threshold: "每格不同主体数不少于",
    dominance: "优势规则，过于集中的合计不输出",
    p_percent: "p% 规则，可推知他人数值的合计不输出",
    cell_key: "单元格密钥扰动，相同记录得相同噪声",
    rounding: "计数舍入到基数",
    totals: "合计表互补抑制，推算区间向两侧不少于",
    gaussian: "差分隐私，离散高斯噪声",
    laplace: "差分隐私，离散拉普拉斯噪声",
    contribution: "每主体计入的组数与每组记录数不超过",
    gate: "仅限已同意的主体本人的记录",
    model: "已审查模型的评分，模块 SHA-256",
    training: "仅进入域内训练，记录不出域；主体数、每输入主体数、每侧主体数不少于 N、n、s，单一主体影响不超过 i",
    set: "仅限其同意涵盖全部所读字段的主体的记录",
    read: "读取",
};

const EN: Words = Words {
    output: "output",
    no_source: "depends on no data",
    decided: "rows decided by",
    control: "control",
    threshold: "distinct subjects in a cell at least",
    dominance: "dominance, sums that few make up are held back",
    p_percent: "p% rule, sums that tell a contribution are held back",
    cell_key: "cell-key perturbation, the same records give the same noise",
    rounding: "counts rounded to a multiple of",
    totals: "complementary suppression, what can be solved for is uncertain to each side by",
    gaussian: "differential privacy, discrete Gaussian noise",
    laplace: "differential privacy, discrete Laplace noise",
    contribution: "groups and records of a subject that count at most",
    gate: "only the consenting subject's own rows",
    model: "score of a reviewed model, module SHA-256",
    training: "goes into training inside the domain and nowhere else; subjects, subjects an input and subjects on a side at least N, n and s, influence of one at most i:",
    set: "only rows of subjects whose consent covers every field read",
    read: "reads",
};
