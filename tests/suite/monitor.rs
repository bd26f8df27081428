//! What the monitor promises, on smaller streams than `monitor-sim`, and its laws.

mod laws;

use cfblock_core::{Class, Event, EventKind, Monitor, StateError, Time};
use cfblock_tests::streams::{self, BASES};

/// Half a second apart.
fn at(number: u64) -> Time {
    Time::from_unix_millis(1_795_176_000_000 + number.cast_signed() * 500)
}

/// The classes of a stream of which a changing share is `class`, in responses to one host.
fn watch(monitor: &mut Monitor, responses: u64, class: Class, share: impl Fn(u64) -> f64) -> Vec<Event> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut events = Vec::new();
    for number in 0..responses {
        let class = if random.f64() < share(number) { class } else { Class::Passed };
        events.extend(monitor.observe("prices", "shop.example", class, None, at(number)));
    }
    events
}

#[test]
fn false_alarms_are_rare() {
    for base in BASES {
        for per_host in [u64::MAX, 1_000] {
            let found = streams::false_alarms(base, 400_000, per_host, 3);
            assert!(found.ours <= 1, "{base} {per_host}: {found:?}");
        }
    }
}

#[test]
fn changes_are_found_nearly_as_soon_as_can_be() {
    for (base, jump) in [(0.0, 1.0), (0.001, 0.05), (0.001, 1.0), (0.01, 0.3), (0.05, 0.3), (0.05, 1.0)] {
        let found = streams::delay(base, jump, 40_000, 4, 50, 11);
        let bound = found.bound(found.baseline);
        assert!(found.missed == 0 && found.mean <= 1.5 * bound, "{bound}: {found:?}");
    }
}

#[test]
fn a_slow_drift_is_followed() {
    let found = streams::drifting(0.01, 0.05, 400_000, 400_000, 3);
    assert!(found.ours <= 1, "{found:?}");
}

#[test]
fn a_refusal_from_the_first_request_on_is_one_incident_and_then_normal() {
    for share in [1.0, 0.95, 0.5] {
        let events = watch(&mut Monitor::default(), 20_000, Class::Challenge, |_| share);
        let opened: Vec<_> = events.iter().filter(|event| event.event == EventKind::IncidentOpened).collect();
        assert_eq!(opened.len(), 1, "{share}: {events:?}");
        assert!(opened[0].responses <= 20, "{share}: {opened:?}");
        assert!(events.iter().all(|event| event.event != EventKind::Recovered), "{share}: {events:?}");
        assert_eq!(events.last().map(|event| event.event), Some(EventKind::GivenUp), "{share}");
        let probes = events.iter().filter(|event| event.event == EventKind::ProbeWanted).count();
        assert!(probes <= 6, "{share}: asked {probes} times");
    }
}

#[test]
fn an_incident_is_not_absorbed() {
    let mut monitor = Monitor::default();
    let class = Class::AccessDenied;
    let before = |number| if number < 30_000 { 0.01 } else { 0.6 };
    let events = watch(&mut monitor, 31_500, class, before);
    assert_eq!(events[0].event, EventKind::IncidentOpened);
    assert!(events.iter().all(|event| event.event != EventKind::Recovered), "{events:?}");
    let baseline = monitor.baseline("prices", "shop.example", class).unwrap();
    assert!((0.009..0.014).contains(&baseline), "{baseline}");
    // It counts from the response it began with, give or take the noise before it.
    let first = events[0].responses;
    assert!((3..40).contains(&first) && events[0].timings.detect_s < 20.0, "{:?}", events[0]);
}

#[test]
fn a_rate_limit_on_one_host_opens_nothing_elsewhere() {
    let mut monitor = Monitor::default();
    let mut events = Vec::new();
    for number in 0..60_000 {
        let host = format!("shop-{}.example", number % 20);
        let limited = number > 40_000 && number % 20 == 7;
        let class = if limited { Class::RateLimited } else { Class::Passed };
        for pipeline in ["prices", "stock"] {
            let class = if pipeline == "prices" { class } else { Class::Passed };
            events.extend(monitor.observe(pipeline, &host, class, None, at(number)));
        }
    }
    assert!(!events.is_empty());
    for event in &events {
        let of = (&*event.pipeline_id, &*event.host, event.class);
        assert_eq!(of, ("prices", "shop-7.example", Class::RateLimited), "{event:?}");
    }
}

#[test]
fn a_saved_state_of_another_version_is_refused() {
    let stored = serde_json::to_value(Monitor::default().save()).unwrap();
    let read = |stored| serde_json::from_value(stored).map(Monitor::restore);
    assert!(read(stored.clone()).unwrap().is_ok());

    let mut other = stored.clone();
    other["version"] = 2.into();
    other["watched"] = serde_json::json!({"what": "nobody knows yet"});
    assert_eq!(read(other).unwrap().unwrap_err(), StateError::Version { found: 2, expected: 1 });

    let mut damaged = stored.clone();
    damaged["watched"]["config"]["objective_s"] = (-1).into();
    let error = read(damaged).unwrap().unwrap_err();
    assert!(
        error.to_string().ends_with("objective_s is -1, expected a number of seconds above 0"),
        "{error}"
    );

    let mut without = stored;
    without.as_object_mut().unwrap().remove("version");
    assert!(read(without).unwrap_err().to_string().contains("version"));
}

#[test]
fn tallies_of_many_workers_equal_that_of_one() {
    assert!(streams::merge_agrees(64, 20_000, 5));
}
