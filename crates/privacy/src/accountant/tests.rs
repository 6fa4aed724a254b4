use super::*;
use proptest::prelude::*;

#[test]
fn a_spent_budget_refuses_and_keeps_what_it_has() {
    let budget = Budget {
        limit: Rho::from_micro(100),
        spent: Rho::default(),
    };
    let budget = budget.charge(Rho::from_micro(60)).unwrap();
    let refused = budget.charge(Rho::from_micro(41)).unwrap_err();
    assert_eq!((refused.left.micro(), refused.asked.micro()), (40, 41));
    assert_eq!(budget.charge(Rho::from_micro(40)).unwrap().left(), Rho::default());
}

#[test]
fn epsilon_is_that_of_the_paper() {
    let rho = Rho::from_micro(100_000);
    assert!((rho.epsilon(1e-6) - (0.1 + 2.0 * (0.1 * 1e6_f64.ln()).sqrt())).abs() < 1e-12);
}

#[test]
fn losses_never_wrap() {
    let all = Rho::from_micro(u64::MAX);
    assert_eq!(all + all, all);
    let budget = Budget {
        limit: all,
        spent: Rho::from_micro(u64::MAX - 1),
    };
    assert!(budget.charge(all).is_err());
}

proptest! {
    #[test]
    fn what_is_charged_is_the_sum_of_what_passed(limit in 0_u64..10_000, charges in prop::collection::vec(0_u64..2_000, 0..30)) {
        let mut budget = Budget { limit: Rho::from_micro(limit), spent: Rho::default() };
        let mut sum = 0;
        for charge in charges {
            if let Ok(after) = budget.charge(Rho::from_micro(charge)) {
                (budget, sum) = (after, sum + charge);
            } else {
                prop_assert!(sum + charge > limit);
            }
        }
        prop_assert!(sum <= limit);
        prop_assert_eq!(budget.spent.micro(), sum);
    }
}
