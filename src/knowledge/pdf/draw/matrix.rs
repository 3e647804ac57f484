//! Places on the page.

/// `[a b c d e f]`: x' = a·x + c·y + e, y' = b·x + d·y + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// The matrix that does `self` first and `then` after it.
    pub fn then(&self, then: &Matrix) -> Matrix {
        let [a, b, c, d, e, f] = self.0;
        let [ta, tb, tc, td, te, tf] = then.0;
        Matrix([
            a * ta + b * tc,
            a * tb + b * td,
            c * ta + d * tc,
            c * tb + d * td,
            e * ta + f * tc + te,
            e * tb + f * td + tf,
        ])
    }

    /// The matrix with its origin moved to (x, y) of its own space.
    pub fn moved(&self, x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self)
    }

    /// The first six numbers of a list; what is no finite number is nothing.
    pub fn read(mut numbers: impl Iterator<Item = Option<f64>>) -> Option<Matrix> {
        let mut out = [0.0; 6];
        for slot in &mut out {
            *slot = numbers.next()??;
        }
        Some(Matrix(out))
    }

    /// How a page lies that is turned by quarters and whose area is given.
    pub fn of_page(area: [f64; 4], turns: u8) -> Matrix {
        let [left, bottom, right, top] = area;
        match turns {
            1 => Matrix([0.0, -1.0, 1.0, 0.0, -bottom, right]),
            2 => Matrix([-1.0, 0.0, 0.0, -1.0, right, top]),
            3 => Matrix([0.0, 1.0, -1.0, 0.0, top, -left]),
            _ => Matrix([1.0, 0.0, 0.0, 1.0, -left, -bottom]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_page_is_read_upright() {
        // A page of 100 × 200 turned clockwise: its left bottom corner becomes the left top one.
        let turned = Matrix::of_page([0.0, 0.0, 100.0, 200.0], 1);
        let at = Matrix::IDENTITY.moved(0.0, 0.0).then(&turned);
        assert_eq!((at.0[4], at.0[5]), (0.0, 100.0));
    }
}
