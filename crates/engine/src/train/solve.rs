//! Symmetric positive definite systems, small and dense, by Cholesky's decomposition (Golub and Van Loan, *Matrix
//! Computations*, 4.2). Written here since it is 40 lines and always adds in one order.

/// The lower triangle `L` of `A = L·Lᵀ`.
pub(super) struct Triangle(Vec<Vec<f64>>);

impl Triangle {
    /// Decomposes a symmetric matrix; none where it is not positive definite to the precision of its numbers.
    pub(super) fn of(matrix: &[Vec<f64>]) -> Option<Self> {
        let mut lower: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
        for (index, row) in matrix.iter().enumerate() {
            let mut made: Vec<f64> = Vec::with_capacity(index + 1);
            for (above, value) in lower.iter().zip(row) {
                let (diagonal, known) = above.split_last()?;
                made.push((value - dot(known, &made)) / diagonal);
            }
            let rest = row.get(index)? - dot(&made, &made);
            if !(rest.is_finite() && rest > row.get(index)?.abs() * 1e-14) {
                return None;
            }
            made.push(rest.sqrt());
            lower.push(made);
        }
        Some(Self(lower))
    }

    /// `L⁻¹·b`.
    pub(super) fn forward(&self, vector: &[f64]) -> Vec<f64> {
        let mut solved: Vec<f64> = Vec::with_capacity(vector.len());
        for (row, value) in self.0.iter().zip(vector) {
            let known = dot(row, &solved);
            solved.push((value - known) / row.last().copied().unwrap_or(1.0));
        }
        solved
    }

    /// `A⁻¹·b`.
    pub(super) fn solve(&self, vector: &[f64]) -> Vec<f64> {
        let mut rest = self.forward(vector);
        let mut solved = vec![0.0; rest.len()];
        for (index, row) in self.0.iter().enumerate().rev() {
            let value = rest.get(index).copied().unwrap_or(0.0) / row.last().copied().unwrap_or(1.0);
            for (cell, factor) in rest.iter_mut().zip(row) {
                *cell -= factor * value;
            }
            if let Some(cell) = solved.get_mut(index) {
                *cell = value;
            }
        }
        solved
    }
}

/// The sum of products, as far as the shorter goes.
pub(super) fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved() {
        let matrix = [vec![4.0, 2.0, 0.6], vec![2.0, 5.0, 1.0], vec![0.6, 1.0, 3.0]];
        let triangle = Triangle::of(&matrix).unwrap();
        let solved = triangle.solve(&[1.0, -2.0, 3.0]);
        for (row, expected) in matrix.iter().zip([1.0, -2.0, 3.0]) {
            assert!((dot(row, &solved) - expected).abs() < 1e-12);
        }
        // |L⁻¹b|² = bᵀA⁻¹b.
        let half = triangle.forward(&[1.0, -2.0, 3.0]);
        assert!((dot(&half, &half) - dot(&[1.0, -2.0, 3.0], &solved)).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_positive_definite_is_not_solved() {
        assert!(Triangle::of(&[vec![1.0, 2.0], vec![2.0, 1.0]]).is_none());
        assert!(Triangle::of(&[vec![1.0, 1.0], vec![1.0, 1.0]]).is_none());
        assert!(Triangle::of(&[vec![f64::NAN]]).is_none());
    }
}
