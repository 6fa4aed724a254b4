//! The largest contributions to a cell, as an aggregate: a list of the sum of all sizes and the largest of them in
//! descending order. With an id, contributions of one subject are added up before.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Expr, Signature, TypeSignature, Volatility,
};

/// The `contributors` largest sizes of `value` (a floating number), by `id` (a whole number) where given.
pub(crate) fn largest(contributors: usize, value: Expr, id: Option<Expr>) -> Expr {
    let args: Vec<Expr> = std::iter::once(value).chain(id).collect();
    largest_function(contributors, args.len()).call(args)
}

/// The function itself, of so many arguments.
pub(crate) fn largest_function(contributors: usize, arguments: usize) -> AggregateUDF {
    let signature = Signature::any(arguments, Volatility::Immutable);
    AggregateUDF::from(Largest {
        contributors,
        signature,
    })
}

/// How many contributors and arguments a function has, where it is this one.
pub(crate) fn contributors_of(function: &AggregateUDF) -> Option<(usize, usize)> {
    let largest = function.inner().downcast_ref::<Largest>()?;
    match largest.signature.type_signature {
        TypeSignature::Any(arguments) => Some((largest.contributors, arguments)),
        _ => None,
    }
}

/// Its name in a plan.
pub(crate) const LARGEST: &str = "gongshu_largest";

#[derive(Debug, PartialEq, Eq, Hash)]
struct Largest {
    contributors: usize,
    signature: Signature,
}

fn list_of(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(item, true)))
}

impl AggregateUDFImpl for Largest {
    fn name(&self) -> &'static str {
        LARGEST
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(list_of(DataType::Float64))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let field = |part: &str, item| Arc::new(Field::new(format!("{}[{part}]", args.name), list_of(item), true));
        Ok(vec![field("ids", DataType::Int64), field("sizes", DataType::Float64)])
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let contributors = self.contributors;
        match args.exprs.len() {
            1 => Ok(Box::new(Rows {
                contributors,
                total: 0.0,
                largest: vec![],
            })),
            _ => Ok(Box::new(Subjects {
                contributors,
                sums: HashMap::new(),
            })),
        }
    }
}

/// Each row is a contributor of its own.
#[derive(Debug)]
struct Rows {
    contributors: usize,
    total: f64,
    largest: Vec<f64>,
}

impl Rows {
    fn add(&mut self, size: f64) {
        self.total += size;
        // Descending; what is not a number comes first, and so is never forgotten.
        let place = self.largest.partition_point(|other| other.is_nan() || *other >= size);
        let place = if size.is_nan() { 0 } else { place };
        if place < self.contributors {
            self.largest.insert(place, size);
            self.largest.truncate(self.contributors);
        }
    }

    fn list(&self) -> ScalarValue {
        floats(std::iter::once(self.total).chain(self.largest.iter().copied()))
    }
}

impl Accumulator for Rows {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        for size in values[0].as_primitive::<Float64Type>().iter().flatten() {
            self.add(size.abs());
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.list())
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.largest.capacity() * size_of::<f64>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let none = ScalarValue::new_list_nullable(&[], &DataType::Int64);
        Ok(vec![ScalarValue::List(none), self.list()])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for list in lists(&states[1])?.iter().flatten() {
            let sizes = list.as_primitive::<Float64Type>().values().to_vec();
            let Some((total, largest)) = sizes.split_first() else {
                continue;
            };
            let kept: f64 = largest.iter().sum();
            largest.iter().for_each(|size| self.add(*size));
            self.total += total - kept;
        }
        Ok(())
    }
}

/// Rows are added up by subject.
#[derive(Debug)]
struct Subjects {
    contributors: usize,
    sums: HashMap<i64, f64>,
}

impl Subjects {
    fn add(&mut self, ids: &dyn Array, values: &dyn Array) {
        let ids = ids.as_primitive::<Int64Type>().iter();
        for (id, value) in ids.zip(values.as_primitive::<Float64Type>()) {
            *self.sums.entry(id.unwrap_or_default()).or_default() += value.unwrap_or_default();
        }
    }
}

impl Accumulator for Subjects {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.add(values[1].as_ref(), values[0].as_ref());
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut rows = Rows {
            contributors: self.contributors,
            total: 0.0,
            largest: vec![],
        };
        self.sums.values().for_each(|sum| rows.add(sum.abs()));
        Ok(rows.list())
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.sums.capacity() * size_of::<(i64, f64)>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let ids: Vec<ScalarValue> = self.sums.keys().map(|id| ScalarValue::Int64(Some(*id))).collect();
        let ids = ScalarValue::new_list_nullable(&ids, &DataType::Int64);
        Ok(vec![ScalarValue::List(ids), floats(self.sums.values().copied())])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let (ids, sums) = (lists(&states[0])?, lists(&states[1])?);
        for (ids, sums) in ids.iter().zip(sums.iter()) {
            if let (Some(ids), Some(sums)) = (ids, sums) {
                self.add(ids.as_ref(), sums.as_ref());
            }
        }
        Ok(())
    }
}

fn floats(values: impl Iterator<Item = f64>) -> ScalarValue {
    let values: Vec<ScalarValue> = values.map(|value| ScalarValue::Float64(Some(value))).collect();
    ScalarValue::List(ScalarValue::new_list_nullable(&values, &DataType::Float64))
}

fn lists(array: &ArrayRef) -> Result<&ListArray> {
    array
        .as_list_opt::<i32>()
        .ok_or_else(|| DataFusionError::Internal("a state that is no list".to_owned()))
}
