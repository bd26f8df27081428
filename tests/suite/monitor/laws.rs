//! Laws that hold for every stream and every tally.

use cfblock_core::{Class, ErrorCode, Event, EventKind, Monitor, MonitorConfig, MonitorState, Tally, Time};
use proptest::prelude::*;

/// One response: which host, which class, how much later.
type Step = (u8, u8, i32);

/// Streams that change now and then, over few hosts, with times that may run backwards.
fn streams() -> impl Strategy<Value = Vec<Step>> {
    let stretch = (0..4_u8, prop_oneof![Just(0_u8), 0..13_u8], 1..120_usize, -50..3_000_i32);
    prop::collection::vec(stretch, 1..40).prop_map(|stretches| {
        let one = |(host, class, length, later): (u8, u8, usize, i32)| {
            (0..length).map(move |number| (host + u8::from(number % 7 == 0) * 3, class, later))
        };
        stretches.into_iter().flat_map(one).collect()
    })
}

fn small() -> MonitorConfig {
    let mut config = MonitorConfig::default();
    config.max_hosts = 5;
    config.max_incidents = 2;
    config.baseline_responses = 100;
    config.responses_per_false_alarm = 100.0;
    config.give_up_s = 60.0;
    config
}

fn run(monitor: &mut Monitor, stream: &[Step], time: &mut i64) -> Vec<Event> {
    let mut events = Vec::new();
    for (host, class, later) in stream {
        *time += i64::from(*later);
        let now = Time::from_unix_millis(*time);
        let class = Class::ALL[usize::from(*class) % Class::ALL.len()];
        let host = format!("shop-{host}.example");
        events.extend(monitor.observe("prices", &host, class, Some(ErrorCode::new(1000)), now));
        if time.rem_euclid(17) == 0 {
            events.extend(monitor.tick(now));
        }
    }
    events
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_restored_monitor_goes_on_as_if_nothing_had_happened(stream in streams(), cut in 0.0..1.0) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in the stream")]
        let cut = (stream.len() as f64 * cut) as usize;
        let (mut time, mut monitor) = (0, Monitor::new(small()).unwrap());
        run(&mut monitor, &stream[..cut], &mut time);

        let stored = serde_json::to_string(&monitor.save()).unwrap();
        let state: MonitorState = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(&state, &monitor.save());
        let mut restored = Monitor::restore(state).unwrap();
        prop_assert_eq!(restored.save(), monitor.save());

        let mut same_time = time;
        let events = run(&mut monitor, &stream[cut..], &mut time);
        prop_assert_eq!(run(&mut restored, &stream[cut..], &mut same_time), events);
        prop_assert_eq!(restored.save(), monitor.save());
    }

    #[test]
    fn nothing_is_lost(stream in streams(), start in any::<i64>()) {
        let mut monitor = Monitor::new(small()).unwrap();
        let mut time = start / 2;
        let events = run(&mut monitor, &stream, &mut time);
        let counters = monitor.counters();
        prop_assert_eq!(counters.responses, stream.len() as u64);
        prop_assert!(counters.hosts <= 5 && counters.open <= 2);
        prop_assert_eq!(counters.opened, counters.recovered + counters.given_up + counters.open);
        let count = |kind| events.iter().filter(|event| event.event == kind).count() as u64;
        prop_assert_eq!(count(EventKind::IncidentOpened), counters.opened);
        prop_assert_eq!(count(EventKind::Recovered), counters.recovered);
        prop_assert_eq!(count(EventKind::GivenUp), counters.given_up);
        for event in &events {
            let timings = [Some(event.timings.detect_s), event.timings.act_s, event.timings.recover_s];
            prop_assert!(timings.iter().flatten().all(|seconds| *seconds >= 0.0), "{:?}", event);
            prop_assert!(event.time >= event.opened_at && event.responses > 0, "{:?}", event);
        }
    }

    #[test]
    fn any_text_is_a_time_or_is_refused(text in "[0-9]{0,5}[-0-9TZ:.+ ]{0,24}") {
        if let Ok(time) = text.parse::<Time>() {
            prop_assert_eq!(time.to_string().parse::<Time>(), Ok(time));
        }
    }

    #[test]
    fn tallies_merge_in_any_order(one in tallies(), two in tallies(), three in tallies()) {
        let merged = |tallies: [&Tally; 2]| {
            let mut merged = tallies[0].clone();
            merged.merge(tallies[1]);
            merged
        };
        prop_assert_eq!(merged([&one, &two]), merged([&two, &one]));
        prop_assert_eq!(merged([&merged([&one, &two]), &three]), merged([&one, &merged([&two, &three])]));
        prop_assert_eq!(&merged([&one, &one]), &one);
        prop_assert_eq!(&merged([&Tally::new(), &one]), &one);
        let stored = serde_json::to_string(&one.save()).unwrap();
        prop_assert_eq!(&Tally::restore(serde_json::from_str(&stored).unwrap()).unwrap(), &one);
    }
}

/// Tallies that share some of their parts, which no two honest workers would.
fn tallies() -> impl Strategy<Value = Tally> {
    prop::collection::vec((0..3_u8, 0..3_u8, 0..13_usize, prop::option::of(1000..1003_u16)), 0..30).prop_map(
        |responses| {
            let mut tally = Tally::new();
            for (part, host, class, code) in responses {
                let (part, host) = (format!("worker-{part}"), format!("shop-{host}.example"));
                tally.add(&part, "prices", &host, Class::ALL[class], code.map(ErrorCode::new));
            }
            tally
        },
    )
}
