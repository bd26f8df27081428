//! The words of the monitor: what it reports, and where an incident stands.

use super::words;

words! {
    /// What the monitor reports.
    pub enum EventKind {
        /// A class has become more frequent at a host than it used to be.
        IncidentOpened = "incident_opened",
        /// A look from another vantage would tell whom it hits.
        ProbeWanted = "probe_wanted",
        /// A diagnosis was handed in.
        Diagnosed = "diagnosed",
        /// The site answers as it did before.
        Recovered = "recovered",
        /// Nobody could end it in time; from now on it counts as normal.
        GivenUp = "given_up",
    }
}

words! {
    /// Where an open incident stands.
    pub enum Phase {
        /// Found; nobody has looked into it yet.
        Open = "open",
        /// Somebody asks from other vantages.
        Probing = "probing",
        /// Something was done about it.
        Acting = "acting",
    }
}

words! {
    /// How an incident ended.
    pub enum Recovery {
        /// It ended after an action was reported.
        AfterAction = "after_action",
        /// It ended without one.
        Unaided = "unaided",
        /// It did not end in time.
        Failed = "failed",
    }
}
