//! The simplex method with Bland's rule, on a dense tableau: least and largest value of a held-back cell.

use super::super::{Cell, GROUND};

const TINY: f64 = 1e-9;

/// Least and largest value that `wanted` can have while all that is published stands.
pub(super) fn range(
    cells: &[Cell],
    values: &[f64],
    lowest: &dyn Fn(usize) -> f64,
    held: &[bool],
    wanted: usize,
) -> (f64, f64) {
    let unknown: Vec<usize> = (0..cells.len()).filter(|cell| held[*cell]).collect();
    let mut nodes: Vec<usize> = cells.iter().flat_map(|cell| [cell.part_of, cell.total_of]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    // One variable a held-back cell, counted from its least value; one equation a node.
    let equation = |node: &usize| {
        let sign = |cell: usize| {
            let Cell { part_of, total_of, .. } = cells[cell];
            f64::from(i8::from(part_of == *node) - i8::from(total_of == *node))
        };
        let mut line: Vec<f64> = unknown.iter().map(|cell| sign(*cell)).collect();
        let fixed = |cell: usize| if held[cell] { lowest(cell) } else { values[cell] };
        line.push(-(0..cells.len()).map(|cell| sign(cell) * fixed(cell)).sum::<f64>());
        line
    };
    let equations: Vec<Vec<f64>> = nodes.iter().filter(|node| **node != GROUND).map(equation).collect();
    let place = unknown.iter().position(|cell| *cell == wanted).unwrap();
    let goal = |sign: f64| {
        (0..unknown.len())
            .map(|other| if other == place { sign } else { 0.0 })
            .collect::<Vec<_>>()
    };
    let least = -greatest(&equations, &goal(-1.0)).unwrap();
    let most = greatest(&equations, &goal(1.0)).unwrap_or(f64::INFINITY);
    (lowest(wanted) + least, lowest(wanted) + most)
}

/// The greatest value of the goal over what is not negative and solves the equations; none where it has no bound.
fn greatest(equations: &[Vec<f64>], goal: &[f64]) -> Option<f64> {
    let (rows, columns) = (equations.len(), goal.len());
    // Columns: variables, an artificial one for each equation, and the right side.
    let mut tableau: Vec<Vec<f64>> = Vec::new();
    for (row, line) in equations.iter().enumerate() {
        let sign = if line[columns] < 0.0 { -1.0 } else { 1.0 };
        let mut full: Vec<f64> = line[..columns].iter().map(|value| value * sign).collect();
        full.extend((0..rows).map(|other| if other == row { 1.0 } else { 0.0 }));
        full.push(line[columns] * sign);
        tableau.push(full);
    }
    let mut basis: Vec<usize> = (columns..columns + rows).collect();
    let phase: Vec<f64> = (0..columns + rows)
        .map(|column| if column < columns { 0.0 } else { -1.0 })
        .collect();
    let found = climb(&mut tableau, &mut basis, &phase, columns + rows).unwrap();
    assert!(found.abs() < 1e-6, "the true table solves the equations");
    // Artificial variables that remain are zero; they leave for any variable of their row.
    for row in 0..rows {
        let other = (0..columns).find(|column| tableau[row][*column].abs() > TINY);
        if let (true, Some(column)) = (basis[row] >= columns, other) {
            pivot(&mut tableau, &mut basis, row, column);
        }
    }
    let full: Vec<f64> = goal.iter().copied().chain(std::iter::repeat_n(0.0, rows)).collect();
    climb(&mut tableau, &mut basis, &full, columns)
}

fn climb(tableau: &mut [Vec<f64>], basis: &mut [usize], goal: &[f64], allowed: usize) -> Option<f64> {
    loop {
        let right = tableau.first().map_or(0, |line| line.len() - 1);
        let gain = |column: usize, tableau: &[Vec<f64>], basis: &[usize]| {
            let used = tableau
                .iter()
                .zip(basis)
                .map(|(line, basic)| goal[*basic] * line[column]);
            goal[column] - used.sum::<f64>()
        };
        let entering = (0..allowed).find(|column| gain(*column, tableau, basis) > TINY);
        let Some(column) = entering else {
            return Some(
                tableau
                    .iter()
                    .zip(basis.iter())
                    .map(|(line, basic)| goal[*basic] * line[right])
                    .sum(),
            );
        };
        let ratio = |row: usize| tableau[row][right] / tableau[row][column];
        let rows = (0..tableau.len()).filter(|row| tableau[*row][column] > TINY);
        let leaving = rows.min_by(|a, b| ratio(*a).total_cmp(&ratio(*b)).then(basis[*a].cmp(&basis[*b])))?;
        pivot(tableau, basis, leaving, column);
    }
}

fn pivot(tableau: &mut [Vec<f64>], basis: &mut [usize], row: usize, column: usize) {
    let by = tableau[row][column];
    tableau[row].iter_mut().for_each(|value| *value /= by);
    let line = tableau[row].clone();
    for (other, target) in tableau.iter_mut().enumerate() {
        if other != row {
            let factor = target[column];
            target
                .iter_mut()
                .zip(&line)
                .for_each(|(value, above)| *value -= factor * above);
        }
    }
    basis[row] = column;
}
