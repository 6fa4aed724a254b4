use std::collections::BTreeMap;

use super::*;
use Distribution::{Gaussian, Laplace};

const RHO: u64 = 500_000;

fn noise(distribution: Distribution, numbers: u32, step: u64, micro: u64) -> Noise {
    Noise::new(distribution, Change { numbers, step }, Rho::from_micro(micro)).unwrap()
}

#[test]
fn a_loss_of_nothing_allows_no_answer() {
    for distribution in [Gaussian, Laplace] {
        let none = Noise::new(distribution, Change { numbers: 1, step: 1 }, Rho::default());
        assert!(matches!(none, Err(NoiseError::NoLoss)));
    }
}

#[test]
fn the_scale_follows_change_and_loss() {
    let close = |noise: Noise, scale: f64| assert!((noise.scale() / scale - 1.0).abs() < 1e-6, "{}", noise.scale());
    for distribution in [Gaussian, Laplace] {
        close(noise(distribution, 1, 1, RHO), 1.0);
        close(noise(distribution, 1, 100, RHO), 100.0);
        close(noise(distribution, 1, 1, RHO / 100), 10.0);
    }
    close(noise(Gaussian, 4, 1, RHO), 2.0);
    close(noise(Laplace, 4, 1, RHO), 4.0);
}

/// A statistical test: mean and variance of many draws are within six standard errors. The fourth moment of a Laplace is
/// six times its squared variance, that of a Gaussian three times.
#[test]
fn draws_have_the_stated_mean_and_variance() {
    for (distribution, variance, excess) in [(Gaussian, 100.0, 2.0), (Laplace, 200.0, 5.0)] {
        let (source, draws) = (noise(distribution, 1, 10, RHO), 4_000);
        let noise: Vec<f64> = (0..draws)
            .map(|_| source.release(1_000).unwrap() as f64 - 1_000.0)
            .collect();
        let count = f64::from(draws);
        let mean = noise.iter().sum::<f64>() / count;
        let found = noise.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        assert!(mean.abs() < 6.0 * (variance / count).sqrt(), "{distribution:?}: {mean}");
        let error = variance * (excess / count).sqrt();
        assert!((found - variance).abs() < 6.0 * error, "{distribution:?}: {found}");
    }
}

/// The definition itself, on samples: for neighbours 0 and 1 the log-likelihood ratio of any common outcome is what the
/// distribution gives, up to sampling error; under Laplace noise it never passes ε = √(2ρ) = 1.
#[test]
fn neighbours_are_hard_to_tell_apart() {
    let gaussian = |outcome: i64| 0.5 - outcome as f64;
    let laplace = |outcome: i64| if outcome <= 0 { 1.0 } else { -1.0 };
    let exact: [(Distribution, &dyn Fn(i64) -> f64); 2] = [(Gaussian, &gaussian), (Laplace, &laplace)];
    for (distribution, ratio) in exact {
        let (zero, one) = (histogram(distribution, 0), histogram(distribution, 1));
        let common = zero.iter().filter(|(_, count)| **count > 400.0);
        let mut met = 0;
        for (outcome, count) in common {
            let found: f64 = (count / one.get(outcome).copied().unwrap_or(1.0)).ln();
            let exact = ratio(*outcome);
            assert!(
                (found - exact).abs() < 0.35,
                "{distribution:?} {outcome}: {found} against {exact}"
            );
            met += 1;
        }
        assert!(met >= 3, "{distribution:?} meets {met} outcomes");
    }
}

fn histogram(distribution: Distribution, number: i64) -> BTreeMap<i64, f64> {
    let source = noise(distribution, 1, 1, RHO);
    let mut seen = BTreeMap::new();
    for _ in 0..20_000 {
        *seen.entry(source.release(number).unwrap()).or_insert(0.0_f64) += 1.0;
    }
    seen
}
