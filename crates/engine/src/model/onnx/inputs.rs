//! The inputs of one operator, and how many columns each kind of operator makes of them, or why it may not.

use tract_onnx::pb::NodeProto;

use super::attribute::Attributes;
use super::constant::{Constant, Numbers};
use super::fault::GraphFault;
use super::graph::{Value, Values};
use super::step::{misfit, named};

/// The axis along a row.
const COLUMNS_AXIS: i64 = 1;
/// Most inputs of an operator.
const INPUTS_MAX: usize = 64;
/// ONNX's number for 32-bit floats, where an attribute names a type.
const FLOAT: i64 = 1;

/// The inputs of one operator; none where an optional one is left out.
pub(super) struct Inputs<'a>(Vec<Option<&'a Value>>, &'a NodeProto);

impl<'a> Inputs<'a> {
    pub(super) fn of(node: &'a NodeProto, values: &'a Values<'_>) -> Result<Self, GraphFault> {
        let find = |name: &String| match (name.is_empty(), values.get(name)) {
            (true, _) => Ok(None),
            (false, Some(value)) => Ok(Some(value)),
            (false, None) => Err(misfit(node)),
        };
        let inputs = node
            .input
            .iter()
            .take(INPUTS_MAX + 1)
            .map(find)
            .collect::<Result<Vec<_>, _>>()?;
        if inputs.len() > INPUTS_MAX {
            return Err(misfit(node));
        }
        Ok(Self(inputs, node))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Itself, where there are exactly so many.
    pub(super) fn counted(&self, count: usize) -> Result<&Self, GraphFault> {
        match self.0.len() == count {
            true => Ok(self),
            false => Err(self.misfit()),
        }
    }

    /// The columns of an input that holds numbers for each row.
    pub(super) fn numbers(&self, index: usize) -> Result<usize, GraphFault> {
        match self.get(index) {
            Some(Value::Numbers(columns)) => Ok(*columns),
            _ => Err(self.misfit()),
        }
    }

    pub(super) fn columns(&self, index: usize) -> Result<usize, GraphFault> {
        self.get(index).and_then(Value::columns).ok_or_else(|| self.misfit())
    }

    /// A constant table of weights for rows of so many columns: the columns of the product.
    fn table(&self, index: usize, columns: usize, transposed: bool) -> Result<usize, GraphFault> {
        let Some(Value::Constant(Constant {
            dims,
            numbers: Numbers::Floats,
        })) = self.get(index)
        else {
            return Err(self.rows());
        };
        match (dims.as_slice(), transposed) {
            ([down, across], false) | ([across, down], true) if *down == columns => Ok(*across),
            _ => Err(self.misfit()),
        }
    }

    /// Inputs from this one on, broadcast along the row: those of one column go with any.
    pub(super) fn together(&self, from: usize) -> Result<usize, GraphFault> {
        let mut widest = 1;
        for input in self.0.iter().skip(from) {
            let columns = match input {
                Some(Value::Numbers(columns)) => *columns,
                Some(Value::Constant(constant)) if constant.numbers == Numbers::Floats => {
                    constant.columns_for_each_row().ok_or_else(|| self.rows())?
                }
                _ => return Err(self.misfit()),
            };
            match (widest, columns) {
                (widest, columns) if widest == columns || columns == 1 => {}
                (1, columns) => widest = columns,
                _ => return Err(self.misfit()),
            }
        }
        let rows = self.0.iter().flatten().any(|value| value.columns().is_some());
        if rows { Ok(widest) } else { Err(self.misfit()) }
    }

    pub(super) fn choose(&self) -> Result<usize, GraphFault> {
        let Some(Value::Truths(condition)) = self.get(0) else {
            return Err(self.misfit());
        };
        let columns = self.together(1)?;
        match *condition == columns || *condition == 1 || columns == 1 {
            true => Ok(columns.max(*condition)),
            false => Err(self.misfit()),
        }
    }

    pub(super) fn cast(&self, attributes: &Attributes<'_>) -> Result<usize, GraphFault> {
        match attributes.whole("to")? {
            Some(FLOAT) => self.columns(0),
            _ => Err(attributes.refused("to")),
        }
    }

    pub(super) fn clip(&self) -> Result<usize, GraphFault> {
        for bound in self.0.iter().skip(1).flatten() {
            match bound {
                Value::Constant(Constant {
                    dims,
                    numbers: Numbers::Floats,
                }) if dims.is_empty() => {}
                _ => return Err(self.misfit()),
            }
        }
        if self.0.len() > 3 {
            Err(self.misfit())
        } else {
            self.numbers(0)
        }
    }

    pub(super) fn product(&self, transposed: bool) -> Result<usize, GraphFault> {
        let columns = self.numbers(0)?;
        self.table(1, columns, transposed)
    }

    pub(super) fn affine(&self, attributes: &Attributes<'_>) -> Result<usize, GraphFault> {
        if attributes.whole("transA")?.unwrap_or(0) != 0 {
            return Err(self.rows());
        }
        let transposed = match attributes.whole("transB")? {
            None | Some(0) => false,
            Some(1) => true,
            Some(_) => return Err(attributes.refused("transB")),
        };
        let columns = self.product(transposed)?;
        let fits = match (self.0.len(), self.get(2)) {
            (2, _) => true,
            (3, Some(Value::Constant(constant))) if constant.numbers == Numbers::Floats => {
                let across = constant.columns_for_each_row().ok_or_else(|| self.rows())?;
                across == columns || across == 1
            }
            _ => false,
        };
        if fits { Ok(columns) } else { Err(self.misfit()) }
    }

    pub(super) fn linear(&self, attributes: &Attributes<'_>) -> Result<usize, GraphFault> {
        let targets = usize::try_from(attributes.whole("targets")?.unwrap_or(1)).unwrap_or(0);
        let coefficients = attributes.floats("coefficients")?.unwrap_or(0);
        let needed = self.numbers(0)?.checked_mul(targets);
        let intercepts = attributes.floats("intercepts")?.unwrap_or(targets);
        let fits = targets > 0 && needed == Some(coefficients) && intercepts == targets;
        if fits { Ok(targets) } else { Err(self.misfit()) }
    }

    /// Numbers worked on along the row.
    pub(super) fn along(&self, attributes: &Attributes<'_>, usual: Option<i64>) -> Result<usize, GraphFault> {
        let columns = self.numbers(0)?;
        match attributes.whole("axis")?.or(usual) {
            Some(axis) if is_along_columns(axis) => Ok(columns),
            _ => Err(self.rows()),
        }
    }

    /// A reduction along the row, which keeps its axis, so that what comes out are still rows. Without axes it reduces the
    /// rows too.
    pub(super) fn reduce(&self, attributes: &Attributes<'_>) -> Result<usize, GraphFault> {
        self.numbers(0)?;
        match attributes.wholes("axes")? {
            Some([axis]) if is_along_columns(*axis) && attributes.whole("keepdims")?.unwrap_or(1) == 1 => Ok(1),
            _ => Err(self.rows()),
        }
    }

    pub(super) fn concat(&self, attributes: &Attributes<'_>) -> Result<usize, GraphFault> {
        self.along(attributes, None)?;
        let widths = (0..self.0.len()).map(|index| self.numbers(index));
        let mut all = 0_usize;
        for width in widths {
            all = all.saturating_add(width?);
        }
        Ok(all)
    }

    pub(super) fn pick(&self, attributes: &Attributes<'_>) -> Result<usize, GraphFault> {
        // Its usual axis is that of the rows.
        let columns = self.along(attributes, Some(0))?;
        let Some(Value::Constant(Constant {
            dims,
            numbers: Numbers::Whole(places),
        })) = self.get(1)
        else {
            return Err(self.rows());
        };
        let inside = |place: &i64| usize::try_from(*place).is_ok_and(|place| place < columns);
        match dims.len() == 1 && places.iter().all(inside) {
            true => Ok(places.len()),
            false => Err(self.misfit()),
        }
    }

    fn get(&self, index: usize) -> Option<&'a Value> {
        self.0.get(index).copied().flatten()
    }

    fn misfit(&self) -> GraphFault {
        misfit(self.1)
    }

    fn rows(&self) -> GraphFault {
        GraphFault::Rows(named(self.1))
    }
}

fn is_along_columns(axis: i64) -> bool {
    axis == COLUMNS_AXIS || axis == -1
}
