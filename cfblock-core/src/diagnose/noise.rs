//! How many of the answers may be noise, and sums of small chances.

/// The chance that an answer is noise, and how common that is.
const NOISE: [(f64, f64); 3] = [(0.008, 0.35), (0.03, 0.4), (0.07, 0.25)];

/// How much noise there may be: where much else goes wrong, more answers are noise.
pub(super) fn noises(unrelated: usize, cases: usize) -> [Noise; NOISE.len()] {
    let mut noises = NOISE.map(|(rate, share)| {
        let (agrees, differs) = ((1.0 - rate).ln(), rate.ln());
        Noise {
            rate,
            share: share.ln() + float(unrelated) * differs + float(cases) * agrees,
            agrees,
            differs,
        }
    });
    let all = noises.iter().fold(f64::NEG_INFINITY, |all, noise| sum_of_logs(all, noise.share));
    for noise in &mut noises {
        noise.share -= all;
    }
    noises
}

/// One amount of noise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise {
    pub(super) rate: f64,
    /// The logarithm of how common it is.
    pub(super) share: f64,
    agrees: f64,
    differs: f64,
}

impl Noise {
    /// The logarithm of the chance that so many answers agree with what was expected, and so many do not.
    pub(super) fn of(self, agree: f64, differ: f64) -> f64 {
        agree * self.agrees + differ * self.differs
    }

    /// The logarithm of the chance of these hits and pages, for one who is reached and one who is not.
    pub(super) fn both(self, (hits, pages): (f64, f64)) -> (f64, f64) {
        (self.of(hits, pages), self.of(pages, hits))
    }
}

/// The logarithm of the sum of two numbers that are given by theirs.
pub(super) fn sum_of_logs(one: f64, another: f64) -> f64 {
    let (larger, smaller) = if one > another { (one, another) } else { (another, one) };
    if smaller == f64::NEG_INFINITY { larger } else { larger + (smaller - larger).exp().ln_1p() }
}

/// A count as a number to calculate with.
#[allow(clippy::cast_precision_loss, reason = "counts of observations")]
pub(super) fn float(count: usize) -> f64 {
    count as f64
}
