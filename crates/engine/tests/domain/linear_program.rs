//! What an attacker with a linear program makes of published figures: the secrets that fit them best (Dinur and Nissim,
//! "Revealing information while preserving privacy", 2003), and between which values a figure lies that was held back.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// Who is in a figure, or how often each unknown is, and the figure.
pub(crate) type Equation = (Vec<f64>, f64);

/// The values in `range` whose sums differ least from the figures, in all, whatever noise is on single ones.
pub(crate) fn fitted(equations: &[Equation], unknowns: usize, range: (f64, f64)) -> Vec<f64> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let values: Vec<Variable> = (0..unknowns).map(|_| problem.add_var(0.0, range)).collect();
    for (members, figure) in equations {
        let difference = problem.add_var(1.0, (0.0, f64::INFINITY));
        let mut terms = terms(&values, members);
        terms.push((difference, -1.0));
        problem.add_constraint(terms.clone(), ComparisonOp::Le, *figure);
        terms.pop();
        terms.push((difference, 1.0));
        problem.add_constraint(terms, ComparisonOp::Ge, *figure);
    }
    let solution = problem.solve().unwrap().into_solution().unwrap();
    values.iter().map(|value| solution.var_value(*value)).collect()
}

/// Between which values the unknown at `place` lies, where each has its `least` value or more and every equation holds.
pub(crate) fn bounds(equations: &[Equation], least: &[f64], place: usize) -> (f64, f64) {
    let end = |direction| {
        let mut problem = Problem::new(direction);
        let goal = |at: usize| f64::from(u8::from(at == place));
        let values = least.iter().enumerate();
        let values: Vec<Variable> = values
            .map(|(at, least)| problem.add_var(goal(at), (*least, 1e9)))
            .collect();
        for (members, figure) in equations {
            problem.add_constraint(terms(&values, members), ComparisonOp::Eq, *figure);
        }
        problem
            .solve()
            .unwrap()
            .into_solution()
            .unwrap()
            .var_value(values[place])
    };
    (
        end(OptimizationDirection::Minimize),
        end(OptimizationDirection::Maximize),
    )
}

fn terms(values: &[Variable], members: &[f64]) -> Vec<(Variable, f64)> {
    let all = values.iter().copied().zip(members.iter().copied());
    all.filter(|(_, member)| *member != 0.0).collect()
}
