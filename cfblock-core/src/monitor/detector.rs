//! The change detector of one class at one host.
//!
//! For each of three rates after the change, a cumulative sum of the log
//! likelihood ratio against the learned baseline, held at zero from below. A
//! change is announced when one of them reaches the threshold. Only a response
//! of the class can raise a sum, so a cell is touched only then; what the
//! responses in between took off is made up for in closed form.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

/// How many rates after the change are looked for at the same time.
const LEVELS: usize = 3;
/// The lowest rate that each level looks for.
const LOWEST: [f32; LEVELS] = [0.05, 0.2, 0.97];
/// By how much the odds have grown at the rate that each level looks for, at least.
const ODDS: [f32; LEVELS] = [3.0, 8.0, 30.0];
/// The baseline is never set lower: one stray response in 500 is no news anywhere.
const FLOOR: f32 = 0.002;
/// Above this baseline the class is what the host always answers, and no rise is looked for.
const ALWAYS: f32 = 0.9;
/// By how many standard deviations the baseline is set above the learned share.
const CAUTION: f32 = 2.0;
/// Steps of the stored sums in one nat.
const STEPS: f32 = 2048.0;
/// How many healthy responses a host is credited with before it was seen: what
/// is refused from the first request on is a change of what it should be.
const CREDIT: u32 = 50;
/// How many responses a baseline that is taken over from an incident counts for.
const TAKEN_OVER: u16 = 50;

/// What all detectors of a monitor are set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tuning {
    /// The sum at which a change is announced, in steps.
    threshold: u16,
    /// Over how many responses the baseline averages.
    memory: u16,
}

impl Tuning {
    /// Announces a false change at most once in so many responses.
    pub(super) fn new(responses_per_false_alarm: f64, memory: u16) -> Self {
        // A sum of the true likelihood ratio crosses h at most once in e^h responses,
        // one of three at most three times as often.
        let nats = (responses_per_false_alarm * 3.0).ln();
        Self { threshold: short(whole(narrow(nats) * STEPS)), memory }
    }
}

/// A change that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alarm {
    /// The tick at which it began, as far as can be told.
    pub(super) since: u32,
    /// How many responses it took, the first and the last one included.
    pub(super) responses: u16,
    /// The baseline before it.
    pub(super) base: f32,
    /// The rate that was being looked for.
    pub(super) rate: f32,
    /// The lowest rate that would count as a change.
    pub(super) least: f32,
}

/// One class at one host, in 32 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cell {
    /// The share of this class, learned from the responses that arrived while no sum was above zero.
    pub(super) share: f32,
    /// The host's count at the latest response of this class.
    pub(super) at: u32,
    /// The host's next cell and this cell's class; the table of hosts packs them.
    pub(super) link: u32,
    /// The tick at which all sums left zero, and at which the upper two did.
    pub(super) since: [u32; 2],
    /// The sums, in steps.
    pub(super) sums: [u16; LEVELS],
    /// How many responses `share` was learned from, up to the length of the memory.
    pub(super) learned: u16,
    /// How many responses ago `since` was, at the latest response of this class.
    pub(super) age: [u16; 2],
}

/// One rate that is looked for, with what a response adds to and takes from its sum, in steps.
#[derive(Clone, Copy)]
struct Level {
    rate: f32,
    gain: f32,
    loss: f32,
}

impl Cell {
    /// A class that shows for the first time, after `others` responses without it.
    pub(super) fn new(others: u32, tuning: Tuning) -> Self {
        Self { at: others, learned: short(others.max(CREDIT)).min(tuning.memory), ..Self::default() }
    }

    /// The share that counts as normal: the learned one, with room for what is not known yet.
    pub(super) fn baseline(&self) -> f32 {
        let learned = f32::from(self.learned);
        let seen = self.share * learned + 1.0;
        ((seen + CAUTION * seen.sqrt()) / (learned + 1.0)).clamp(FLOOR, 1.0)
    }

    /// Takes the host's response number `count` into account, which is of this class.
    pub(super) fn take(&mut self, count: u32, tick: u32, tuning: Tuning) -> Option<Alarm> {
        let others = count.wrapping_sub(self.at).wrapping_sub(1);
        self.at = count;
        let busy = self.decay(others);
        // What arrives while a sum is above zero may belong to a change, so the
        // baseline learns from the rest. Whether a sum is above zero depends on
        // earlier responses only: leaving these out does not bend the share.
        if others > busy {
            self.learn(others - busy, 0, tuning.memory);
        }
        let at_rest = self.sums == [0; LEVELS];
        let alarm = self.rise(others, tick, tuning);
        if at_rest {
            self.learn(0, 1, tuning.memory);
        }
        alarm
    }

    /// Forgets what speaks for a change; the baseline stays.
    pub(super) fn settle(&mut self, count: u32) {
        self.sums = [0; LEVELS];
        self.at = count;
    }

    /// Starts over with the share that an incident had: it has become normal.
    pub(super) fn take_over(&mut self, share: f32, count: u32) {
        self.settle(count);
        self.share = share;
        self.learned = TAKEN_OVER;
    }

    /// Takes the responses without the class off the sums; says how many it took until all were zero.
    fn decay(&mut self, others: u32) -> u32 {
        let Some(levels) = self.levels().filter(|_| self.sums != [0; LEVELS]) else {
            self.sums = [0; LEVELS];
            return 0;
        };
        let mut busy = 0;
        for (sum, level) in self.sums.iter_mut().zip(levels) {
            let before = f32::from(*sum);
            busy = busy.max(whole((before / level.loss).ceil()));
            *sum = short(whole(before - real(others) * level.loss));
        }
        busy
    }

    /// Adds a response of the class to the sums.
    fn rise(&mut self, others: u32, tick: u32, tuning: Tuning) -> Option<Alarm> {
        let Some(levels) = self.levels() else {
            self.sums = [0; LEVELS];
            return None;
        };
        let upper_at_rest = self.sums[1..] == [0; LEVELS - 1];
        let at_rest = upper_at_rest && self.sums[0] == 0;
        for (group, fresh) in [at_rest, upper_at_rest].into_iter().enumerate() {
            if fresh {
                self.since[group] = tick;
                self.age[group] = 1;
            } else {
                self.age[group] = self.age[group].saturating_add(short(others)).saturating_add(1);
            }
        }
        let mut alarm = None;
        for (index, (sum, level)) in self.sums.iter_mut().zip(levels).enumerate() {
            *sum = short(whole(f32::from(*sum) + level.gain));
            if *sum >= tuning.threshold {
                let group = index.min(1);
                alarm = Some((self.since[group], self.age[group], level.rate));
            }
        }
        let base = self.baseline();
        alarm.map(|(since, responses, rate)| Alarm { since, responses, base, rate, least: levels[0].rate })
    }

    /// Averages plainly while the memory fills, and exponentially from then on.
    fn learn(&mut self, others: u32, events: u32, memory: u16) {
        let total = others + events;
        let filling = short(total).min(memory - self.learned.min(memory));
        if filling > 0 {
            let before = f32::from(self.learned);
            self.learned += filling;
            self.share *= before / f32::from(self.learned);
        }
        let beyond = total - u32::from(filling);
        if beyond > 0 {
            self.share *= (1.0 - 1.0 / f32::from(memory)).powf(real(beyond));
        }
        self.share += real(events) / f32::from(self.learned);
    }

    /// The rates to look for above the baseline, unless the class is always there.
    fn levels(&self) -> Option<[Level; LEVELS]> {
        let base = self.baseline();
        if base > ALWAYS {
            return None;
        }
        let odds = base / (1.0 - base);
        Some(std::array::from_fn(|index| {
            let raised = odds * ODDS[index];
            let rate = LOWEST[index].max(raised / (1.0 + raised));
            Level { rate, gain: (rate / base).ln() * STEPS, loss: ((1.0 - base) / (1.0 - rate)).ln() * STEPS }
        }))
    }
}

/// The whole part; what is below zero becomes zero.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, as is meant")]
fn whole(value: f32) -> u32 {
    value as u32
}

/// A count as far as the detector needs it.
#[allow(clippy::cast_precision_loss, reason = "of more than 16 million responses the leading digits matter")]
fn real(count: u32) -> f32 {
    count as f32
}

#[allow(clippy::cast_possible_truncation, reason = "a threshold needs no more digits")]
fn narrow(value: f64) -> f32 {
    value as f32
}

/// Kept within 16 bits.
fn short(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
