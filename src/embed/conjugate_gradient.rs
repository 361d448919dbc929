//! Ridge regression by conjugate gradients.

use ndarray::{Array1, Array2, ArrayView2, Axis, Zip};

use super::sparse::SparseMatrix;

/// Finds V that makes |X·V − Y|² + ridge·|V|² small, every column of Y by itself, in at most `steps` steps.
///
/// Conjugate gradients on the normal equations (Hestenes & Stiefel 1952) with the diagonal as preconditioner, so that
/// rare and common terms converge alike. Stops when every column's residual is 1e-4 of what it was at first.
pub(super) fn ridge(x: &SparseMatrix, y: ArrayView2<'_, f32>, ridge: f32, steps: usize) -> Array2<f32> {
    const PRECISION: f32 = 1e-4;
    let transposed = x.transposed();
    let mut diagonal = Array1::from_elem(x.width(), ridge);
    (0..x.height()).flat_map(|row| x.entries(row)).for_each(|(column, value)| diagonal[column] += value * value);
    let conditioned = |residual: &Array2<f32>| residual / &diagonal.view().insert_axis(Axis(1));

    let mut solution = Array2::zeros((x.width(), y.ncols()));
    let mut residual = transposed.times(y);
    let mut direction = conditioned(&residual);
    let mut product = column_products(&residual, &direction);
    let enough = &product * (PRECISION * PRECISION);
    for _ in 0..steps {
        let mut image = transposed.times(x.times(direction.view()).view());
        image.scaled_add(ridge, &direction);
        let step = ratios(&product, &column_products(&direction, &image));
        add_scaled(&mut solution, &direction, &step);
        add_scaled(&mut residual, &image, &step.mapv(|step| -step));
        let next = conditioned(&residual);
        let next_product = column_products(&residual, &next);
        let kept = ratios(&next_product, &product);
        direction *= &kept.insert_axis(Axis(0));
        direction += &next;
        product = next_product;
        if Zip::from(&product).and(&enough).all(|now, enough| now <= enough) {
            break;
        }
    }
    solution
}

/// For each column, the sum of products.
fn column_products(left: &Array2<f32>, right: &Array2<f32>) -> Array1<f32> {
    let mut sums = Array1::<f64>::zeros(left.ncols());
    for (left, right) in left.outer_iter().zip(right.outer_iter()) {
        Zip::from(&mut sums).and(left).and(right).for_each(|sum, &a, &b| *sum += f64::from(a) * f64::from(b));
    }
    sums.mapv(|sum| sum as f32)
}

/// A column already solved has nothing left to divide; it stays where it is.
fn ratios(above: &Array1<f32>, below: &Array1<f32>) -> Array1<f32> {
    Zip::from(above).and(below).map_collect(|&above, &below| if below > 0.0 { above / below } else { 0.0 })
}

fn add_scaled(to: &mut Array2<f32>, what: &Array2<f32>, scales: &Array1<f32>) {
    Zip::from(to.rows_mut()).and(what.rows()).for_each(|mut to, what| {
        Zip::from(&mut to).and(what).and(scales).for_each(|to, &what, &scale| *to += what * scale);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_solution_satisfies_the_normal_equations() {
        // X = [[1, 0], [1, 2], [0, 1]], so XᵀX + ½ = [[2.5, 2], [2, 5.5]] and XᵀY is as below.
        let x = SparseMatrix::new(&[vec![(0, 1.0)], vec![(0, 1.0), (1, 2.0)], vec![(1, 1.0)]], 2);
        let y = array![[1.0, 0.0], [2.0, 1.0], [3.0, -1.0]];
        let v = ridge(&x, y.view(), 0.5, 50);
        let normal = array![[2.5, 2.0], [2.0, 5.5]].dot(&v);
        let expected = array![[3.0, 1.0], [7.0, 1.0]];
        assert!((&normal - &expected).iter().all(|gap: &f32| gap.abs() < 1e-3), "{normal} is not {expected}");
    }
}
