//! Where to look: the points of an experiment over several factors, each point as a share from 0 to
//! 1 per factor.
//!
//! A grid holds every combination; a Latin hypercube puts exactly one point into each of n slices
//! of every factor; a Sobol sequence fills the room evenly however many points are taken. All are
//! the same for the same seed.
//!
//! *Source*: McKay, Beckman and Conover 1979, Technometrics 21(2) (Latin hypercubes); Joe and Kuo
//! 2008, SIAM J. Sci. Comput. 30(5), direction numbers new-joe-kuo-6 (Sobol), with a random digital
//! shift (Owen 2003, Variance with alternative scramblings of digital nets).

use crate::rng::{Key, Purpose};
use rand::RngExt;
use rand::seq::SliceRandom;

/// Most factors of a Sobol sequence.
pub const MOST_SOBOL: usize = 21;

/// Every combination of so many levels per factor, the last factor changing fastest: the places of
/// the levels.
pub fn grid(levels: &[usize]) -> Vec<Vec<usize>> {
    let mut points = vec![Vec::new()];
    for &levels in levels {
        let longer = |point: &Vec<usize>| -> Vec<Vec<usize>> {
            (0..levels).map(|level| [&point[..], &[level]].concat()).collect()
        };
        points = points.iter().flat_map(longer).collect();
    }
    points
}

/// A Latin hypercube of `n` points: each factor has one point in every n-th of its range.
pub fn latin(n: usize, factors: usize, seed: u64) -> Vec<Vec<f64>> {
    let key = Key::replication(seed, 0).named("latin hypercube");
    let mut points = vec![vec![0.0; factors]; n];
    for factor in 0..factors {
        let mut chance = key.draw(Purpose::Pick, factor as u64);
        let mut slices: Vec<usize> = (0..n).collect();
        slices.shuffle(&mut chance);
        for (point, slice) in points.iter_mut().zip(slices) {
            point[factor] = (slice as f64 + chance.random::<f64>()) / n as f64;
        }
    }
    points
}

/// The first `n` points of a Sobol sequence, shifted by chance.
///
/// *Panics* with more than `MOST_SOBOL` factors.
pub fn sobol(n: usize, factors: usize, seed: u64) -> Vec<Vec<f64>> {
    assert!(factors <= MOST_SOBOL, "at most {MOST_SOBOL} factors");
    let key = Key::replication(seed, 0).named("sobol");
    let shifts: Vec<u32> = (0..factors as u64).map(|f| (key.nth(f).0 >> 32) as u32).collect();
    let directions: Vec<[u32; 32]> = (0..factors).map(directions).collect();
    let share = |bits: u32| f64::from(bits) / 4_294_967_296.0;
    let point = |index: u32| {
        let coordinate = |(directions, shift): (&[u32; 32], &u32)| {
            let set = (0..32).filter(|bit| index >> bit & 1 == 1);
            share(set.fold(*shift, |bits, bit| bits ^ directions[bit]))
        };
        directions.iter().zip(&shifts).map(coordinate).collect()
    };
    (0..n as u32).map(point).collect()
}

/// Degree and inner coefficients of the primitive polynomial of each dimension from the second on,
/// and its first direction numbers.
const JOE_KUO: [(u32, u32, &[u32]); MOST_SOBOL - 1] = [
    (1, 0, &[1]),
    (2, 1, &[1, 3]),
    (3, 1, &[1, 3, 1]),
    (3, 2, &[1, 1, 1]),
    (4, 1, &[1, 1, 3, 3]),
    (4, 4, &[1, 3, 5, 13]),
    (5, 2, &[1, 1, 5, 5, 17]),
    (5, 4, &[1, 1, 5, 5, 5]),
    (5, 7, &[1, 1, 7, 11, 19]),
    (5, 11, &[1, 1, 5, 1, 1]),
    (5, 13, &[1, 1, 1, 3, 11]),
    (5, 14, &[1, 3, 5, 5, 31]),
    (6, 1, &[1, 3, 3, 9, 7, 49]),
    (6, 13, &[1, 1, 1, 15, 21, 21]),
    (6, 16, &[1, 3, 1, 13, 27, 49]),
    (6, 19, &[1, 1, 1, 15, 7, 5]),
    (6, 22, &[1, 3, 1, 15, 13, 25]),
    (6, 25, &[1, 1, 5, 5, 19, 61]),
    (7, 1, &[1, 3, 7, 11, 23, 15, 103]),
    (7, 4, &[1, 3, 7, 13, 13, 15, 69]),
];

fn directions(dimension: usize) -> [u32; 32] {
    let mut v = [0_u32; 32];
    let Some((degree, inner, first)) = dimension.checked_sub(1).map(|place| JOE_KUO[place]) else {
        // The first dimension is van der Corput's sequence.
        for (bit, direction) in v.iter_mut().enumerate() {
            *direction = 1 << (31 - bit);
        }
        return v;
    };
    let s = degree as usize;
    for bit in 0..32 {
        v[bit] = match bit.checked_sub(s) {
            None => first[bit] << (31 - bit),
            Some(before) => {
                let own = v[before] ^ (v[before] >> degree);
                let terms = (1..s).filter(|k| inner >> (s - 1 - k) & 1 == 1);
                terms.fold(own, |bits, k| bits ^ v[bit - k])
            }
        };
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_holds_every_combination() {
        assert_eq!(grid(&[2, 3]), [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
        assert_eq!(grid(&[]), [Vec::<usize>::new()]);
    }

    /// Whether every factor has one point in each of `n` slices.
    fn fills_slices(points: &[Vec<f64>]) -> bool {
        let n = points.len();
        (0..points[0].len()).all(|factor| {
            let mut slices: Vec<usize> =
                points.iter().map(|point| (point[factor] * n as f64) as usize).collect();
            slices.sort_unstable();
            slices == (0..n).collect::<Vec<_>>()
        })
    }

    #[test]
    fn a_latin_hypercube_has_one_point_in_every_slice() {
        let points = latin(17, 5, 3);
        assert!(fills_slices(&points));
        assert_eq!(points, latin(17, 5, 3));
        assert_ne!(points, latin(17, 5, 4));
    }

    #[test]
    fn a_sobol_sequence_fills_slices_and_squares() {
        let points = sobol(64, MOST_SOBOL, 1);
        assert!(fills_slices(&points));
        // The first two dimensions are a (0, 2)-sequence: of 64 points one lies in every rectangle
        // of a 64th, whatever its shape.
        for wide in [1, 2, 4, 8, 16, 32, 64] {
            let high = 64 / wide;
            let mut cells: Vec<usize> = points
                .iter()
                .map(|p| (p[0] * wide as f64) as usize * high + (p[1] * high as f64) as usize)
                .collect();
            cells.sort_unstable();
            assert_eq!(cells, (0..64).collect::<Vec<_>>(), "{wide} by {high}");
        }
    }

    #[test]
    fn the_third_dimension_worked_by_hand() {
        // x^2 + x + 1, m = 1, 3: m3 = 2 x 3 xor 4 x 1 xor 1 = 3, m4 = 2 x 3 xor 4 x 3 xor 3 = 9.
        let v = directions(2);
        let m: Vec<u32> = (0..4).map(|bit| v[bit] >> (31 - bit)).collect();
        assert_eq!(m, [1, 3, 3, 9]);
    }
}
