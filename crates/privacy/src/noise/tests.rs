use super::*;

const RHO: u64 = 500_000;

#[test]
fn a_loss_of_nothing_allows_no_answer() {
    assert!(matches!(Gaussian::new(1, Rho::default()), Err(NoiseError::NoLoss)));
}

#[test]
fn the_scale_follows_step_and_loss() {
    let scale = |step, micro| Gaussian::new(step, Rho::from_micro(micro)).unwrap().scale();
    assert!((scale(1, RHO) - 1.0).abs() < 1e-6);
    assert!((scale(100, RHO) - 100.0).abs() < 1e-4);
    assert!((scale(1, RHO / 100) - 10.0).abs() < 1e-6);
}

/// A statistical test: mean and variance of many draws are within six standard errors.
#[test]
fn draws_have_the_stated_mean_and_variance() {
    let (gaussian, draws) = (Gaussian::new(10, Rho::from_micro(RHO)).unwrap(), 4_000);
    let noise: Vec<f64> = (0..draws)
        .map(|_| gaussian.release(1_000).unwrap() as f64 - 1_000.0)
        .collect();
    let count = f64::from(draws);
    let mean = noise.iter().sum::<f64>() / count;
    let variance = noise.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    assert!(mean.abs() < 6.0 * 10.0 / count.sqrt(), "{mean}");
    assert!(
        (variance - 100.0).abs() < 6.0 * 100.0 * (2.0 / count).sqrt(),
        "{variance}"
    );
}

/// The definition itself, on samples: for neighbours 0 and 1 the log-likelihood ratio of any common outcome stays
/// within what a Gaussian of this scale allows, up to sampling error.
#[test]
fn neighbours_are_hard_to_tell_apart() {
    let (gaussian, draws) = (Gaussian::new(1, Rho::from_micro(RHO)).unwrap(), 20_000);
    let histogram = |number: i64| {
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..draws {
            *seen.entry(gaussian.release(number).unwrap()).or_insert(0.0_f64) += 1.0;
        }
        seen
    };
    let (zero, one) = (histogram(0), histogram(1));
    for (outcome, count) in zero.iter().filter(|(_, count)| **count > 400.0) {
        let ratio: f64 = (count / one.get(outcome).copied().unwrap_or(1.0)).ln();
        let exact = 0.5 - *outcome as f64;
        assert!((ratio - exact).abs() < 0.35, "{outcome}: {ratio} against {exact}");
    }
}
