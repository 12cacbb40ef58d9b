//! Similarity of a vector to many rows at once: for each dimension the rows that have it.

use super::space::Sparse;

/// Rows by dimension.
#[derive(Debug, Default)]
pub(super) struct Postings {
    rows: usize,
    by_dimension: Vec<Vec<(u32, f32)>>,
}

impl Postings {
    /// Takes rows; those that are none are left out and similar to nothing.
    pub(super) fn of<'r>(dimensions: usize, rows: impl Iterator<Item = Option<&'r Sparse>>) -> Self {
        let mut postings = Self { rows: 0, by_dimension: vec![Vec::new(); dimensions] };
        for row in rows {
            let number = u32::try_from(postings.rows).unwrap_or(u32::MAX);
            postings.rows += 1;
            for (dimension, weight) in row.into_iter().flatten() {
                if let Some(list) = postings.by_dimension.get_mut(*dimension as usize) {
                    list.push((number, *weight));
                }
            }
        }
        postings
    }

    /// The dot product of a vector with every row.
    pub(super) fn similarities(&self, x: &Sparse) -> Vec<f32> {
        let mut similar = vec![0.0; self.rows];
        for (dimension, weight) in x {
            for (row, w) in self.by_dimension.get(*dimension as usize).into_iter().flatten() {
                if let Some(sum) = similar.get_mut(*row as usize) {
                    *sum += weight * w;
                }
            }
        }
        similar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarities_are_dot_products_with_each_row() {
        let rows: [Sparse; 2] = [vec![(0, 0.6), (2, 0.8)], vec![(1, 1.0)]];
        let postings = Postings::of(3, [Some(&rows[0]), None, Some(&rows[1])].into_iter());
        assert_eq!(postings.similarities(&vec![(1, 0.5), (2, 0.5)]), [0.4, 0.0, 0.5]);
        assert_eq!(postings.similarities(&vec![(7, 1.0)]), [0.0, 0.0, 0.0]);
    }
}
