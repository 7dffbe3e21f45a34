//! What validators said of values. Many rules see one value, and some see one over and over; those of its tests that take
//! longest are made once, and their answers are kept by the value, so that they hold in whatever text it stands.

use super::validators::{self, Check};
use crate::model::Fact;
use crate::rules::Validator;

/// So many values are known at once; each has one place among them.
const PLACES: usize = 1024;
/// Nothing is kept of a longer value, in bytes.
const LONGEST: usize = 512;
/// A place is told by so many bytes at either end of a value.
const END: usize = 8;

/// The values that were asked about last.
#[derive(Debug, Default)]
pub(crate) struct Verdicts {
    /// By place; made when first needed.
    places: Vec<Known>,
}

/// What is known of a value.
#[derive(Clone, Debug, Default)]
struct Known {
    value: Vec<u8>,
    /// By validator, in the order of [`KEPT`].
    answers: [Option<Check>; KEPT.len()],
}

/// The validators whose answers are kept: they take long, tell no facts and have no parameter.
const KEPT: [Validator; 3] = [Validator::NoMask, Validator::NoPlaceholder, Validator::Literal];

impl Verdicts {
    /// The same as [`validators::check`].
    pub(crate) fn check(&mut self, validator: Validator, value: &[u8], facts: &mut Vec<Fact>) -> Check {
        let kept = KEPT.iter().position(|kept| *kept == validator).filter(|_| value.len() <= LONGEST);
        let Some(kept) = kept else { return validators::check(validator, value, facts) };
        let answer = &mut self.known(value).answers[kept];
        *answer.get_or_insert_with(|| validators::check(validator, value, facts))
    }

    fn known(&mut self, value: &[u8]) -> &mut Known {
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Known::default);
        }
        let known = &mut self.places[place(value)];
        if known.value != value {
            *known = Known { value: value.to_vec(), ..Known::default() };
        }
        known
    }
}

fn place(value: &[u8]) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let word = |bytes: &[u8]| bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    let head = word(&value[..value.len().min(END)]);
    let tail = word(&value[value.len().saturating_sub(END)..]);
    let hash = (head ^ tail.rotate_left(29) ^ value.len() as u64).wrapping_mul(ODD);
    (hash >> 32) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_asked_before_changes_nothing(
            values in prop::collection::vec("[a-c]{0,4}|[a-z0-9]{8,12}|changeme|x{20}|[a-z]{510,514}", 1..20),
        ) {
            let mut verdicts = Verdicts::default();
            for (at, value) in values.iter().chain(&values).enumerate() {
                let (validator, value) = (KEPT[at % KEPT.len()], value.as_bytes());
                let expected = validators::check(validator, value, &mut Vec::new());
                prop_assert_eq!(verdicts.check(validator, value, &mut Vec::new()), expected, "{:?}", validator);
            }
        }
    }
}
