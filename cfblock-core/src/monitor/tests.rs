#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::detector::{Cell, Tuning};
use super::hosts::{self, Hosts};
use super::*;
use crate::vocab::{Classification, Phase, Recovery};

const HOST: &str = "shop.example";

fn at(seconds: i64) -> Time {
    Time::from_unix_millis(1_795_176_000_000 + seconds * 1000)
}

/// A monitor with one host that passed `responses` responses, one a second up to second 0.
fn healthy(responses: i64) -> Monitor {
    let mut monitor = Monitor::default();
    for second in -responses..0 {
        assert!(monitor.observe("p", HOST, Class::Passed, None, at(second)).is_empty());
    }
    monitor
}

fn kinds(events: &[Event]) -> Vec<EventKind> {
    events.iter().map(|event| event.event).collect()
}

/// Responses of a class, one a second from second 0 on, until an incident is opened.
fn break_down(monitor: &mut Monitor, class: Class) -> Vec<Event> {
    for second in 0..200 {
        let events = monitor.observe("p", HOST, class, Some(ErrorCode::new(1002)), at(second));
        if !events.is_empty() {
            return events;
        }
    }
    panic!("no incident was opened");
}

#[test]
fn sizes_are_as_documented() {
    assert_eq!(size_of::<hosts::Host>(), 20);
    assert_eq!(size_of::<Cell>(), 32);
}

#[test]
fn an_incident_goes_through_its_stages() {
    let mut monitor = healthy(5_000);
    let class = Class::SiteMisconfigured;
    let opened = break_down(&mut monitor, class);
    assert_eq!(kinds(&opened), [EventKind::IncidentOpened, EventKind::ProbeWanted]);
    assert_eq!((opened[0].time, opened[0].opened_at), (at(2), at(2)));
    assert_eq!((opened[0].responses, opened[0].timings.detect_s), (3, 2.0));
    assert_eq!(monitor.incident("p", HOST, class).unwrap().phase, Phase::Open);

    assert!(monitor.probed("p", HOST, class, at(4)));
    assert_eq!(monitor.incident("p", HOST, class).unwrap().phase, Phase::Probing);
    let mut diagnosis = crate::diagnose::diagnose(&[], &[], &crate::diagnose::ProbeLimits::full());
    diagnosis.classification = Classification::TargetedNullRoute;
    diagnosis.action = Action::ChangeIdentity;
    let event = monitor.diagnosed("p", HOST, class, &diagnosis, at(5)).unwrap();
    assert_eq!(event.event, EventKind::Diagnosed);
    assert_eq!(event.classification, Some(Classification::TargetedNullRoute));
    assert!(monitor.acted("p", HOST, class, Action::ChangeIdentity, at(12)));
    assert_eq!(monitor.incidents().next().unwrap().phase, Phase::Acting);

    let mut events = Vec::new();
    for second in 13..30 {
        events.extend(monitor.observe("p", HOST, Class::Passed, None, at(second)));
    }
    assert_eq!(kinds(&events), [EventKind::Recovered]);
    let event = &events[0];
    assert_eq!(event.recovery, Some(Recovery::AfterAction));
    assert_eq!((event.probes, event.action), (1, Some(Action::ChangeIdentity)));
    assert_eq!(event.timings.act_s, Some(10.0));
    assert_eq!(event.timings.recover_s, Some(3.0));
    assert_eq!(event.timings.objective_met, Some(true));
    assert_eq!(monitor.incidents().count(), 0);
    assert_eq!(monitor.counters().recovered, 1);
    assert!(!monitor.probed("p", HOST, class, at(31)));
}

#[test]
fn the_record_has_one_shape() {
    let event = &break_down(&mut healthy(5_000), Class::SiteMisconfigured)[0];
    let record = serde_json::to_value(event).unwrap();
    let expected = serde_json::json!({
        "event": "incident_opened", "pipeline_id": "p", "host": HOST, "class": "site_misconfigured",
        "error_code": 1002, "time": "2026-11-20T12:00:02Z", "opened_at": "2026-11-20T12:00:02Z",
        "responses": 3, "probes": 0, "classification": null, "action": null, "recovery": null,
        "timings": {"detect_s": 2.0, "act_s": null, "recover_s": null, "objective_met": null},
    });
    assert_eq!(record, expected);
    assert_eq!(&serde_json::from_value::<Event>(record).unwrap(), event);
}

#[test]
fn what_lasts_is_given_up_and_becomes_normal() {
    let mut monitor = healthy(5_000);
    break_down(&mut monitor, Class::Challenge);
    assert!(monitor.tick(at(900)).is_empty());
    let events = monitor.tick(at(902));
    assert_eq!(kinds(&events), [EventKind::GivenUp]);
    assert_eq!(events[0].recovery, Some(Recovery::Failed));
    assert_eq!(events[0].timings.objective_met, Some(false));
    for second in 903..2_000 {
        assert!(monitor.observe("p", HOST, Class::Challenge, None, at(second)).is_empty());
    }
}

#[test]
fn a_class_that_goes_on_asks_for_another_probe() {
    let mut monitor = healthy(5_000);
    break_down(&mut monitor, Class::AccessDenied);
    monitor.acted("p", HOST, Class::AccessDenied, Action::ChangeIdentity, at(10));
    let mut asked = Vec::new();
    for second in 11..400 {
        for event in monitor.observe("p", HOST, Class::AccessDenied, None, at(second)) {
            asked.push((event.event, second));
        }
    }
    let probe = EventKind::ProbeWanted;
    // After the objective, then each time after as long as it has lasted.
    assert_eq!(asked, [(probe, 55), (probe, 108), (probe, 214)]);
}

#[test]
fn another_class_in_its_place_is_no_recovery() {
    let mut monitor = healthy(5_000);
    break_down(&mut monitor, Class::RateLimited);
    let mut events = Vec::new();
    for second in 10..100 {
        events.extend(monitor.observe("p", HOST, Class::AccessDenied, None, at(second)));
    }
    let opened: Vec<_> = events.iter().filter(|event| event.event == EventKind::IncidentOpened).collect();
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].class, Class::AccessDenied);
    assert!(events.iter().all(|event| event.event != EventKind::Recovered));
    assert_eq!(monitor.counters().open, 2);
}

#[test]
fn an_incident_leaves_the_other_baselines_alone() {
    let mut monitor = Monitor::default();
    let one_in_twenty = |monitor: &mut Monitor, from: i64, count: i64| {
        let mut events = Vec::new();
        for second in from..from + count {
            let class = if second % 20 == 0 { Class::Challenge } else { Class::Passed };
            events.extend(monitor.observe("p", HOST, class, None, at(second)));
        }
        events
    };
    assert!(one_in_twenty(&mut monitor, -20_000, 20_000).is_empty());
    let before = monitor.baseline("p", HOST, Class::Challenge).unwrap();
    break_down(&mut monitor, Class::OriginFailed);
    for second in 10..50_000 {
        let time = at(10 + second % 800);
        monitor.observe("p", HOST, Class::OriginFailed, None, time);
    }
    let events = one_in_twenty(&mut monitor, 60_000, 5_000);
    assert_eq!(events.len(), 1, "{events:?}");
    let after = monitor.baseline("p", HOST, Class::Challenge).unwrap();
    assert!((before / after - 1.0).abs() < 0.02, "{before} {after}");
}

#[test]
fn times_out_of_order_are_counted_and_nothing_is_lost() {
    let mut monitor = healthy(5_000);
    let class = Class::SiteMisconfigured;
    monitor.observe("p", HOST, class, None, at(9));
    monitor.observe("p", HOST, class, None, at(3));
    let events = monitor.observe("p", HOST, class, None, at(4));
    assert_eq!(events[0].event, EventKind::IncidentOpened);
    assert!(events[0].timings.detect_s.abs() < 1e-9, "a change does not begin after it is found");
    assert_eq!(monitor.counters().late, 2);
    assert_eq!(monitor.counters().responses, 5_003);
    let mut events = Vec::new();
    for second in [8, 2, 1] {
        events.extend(monitor.observe("p", HOST, Class::Passed, None, at(second)));
    }
    assert_eq!(events[0].time, at(8));
    assert_eq!(events[0].timings.recover_s, Some(4.0));
}

#[test]
fn the_longest_incident_makes_room() {
    let config = MonitorConfig { max_incidents: 2, ..MonitorConfig::default() };
    let mut monitor = Monitor::new(config).unwrap();
    let mut events = Vec::new();
    for (number, host) in ["a.example", "b.example", "c.example"].into_iter().enumerate() {
        for second in 0..3_004 {
            let class = if second < 3_000 { Class::Passed } else { Class::OriginFailed };
            let time = at(second + 5_000 * i64::try_from(number).unwrap());
            events.extend(monitor.observe("p", host, class, None, time));
        }
    }
    let given_up: Vec<_> = events.iter().filter(|event| event.event == EventKind::GivenUp).collect();
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0].host, "a.example");
    assert_eq!(monitor.counters().open, 2);
}

#[test]
fn settings_are_checked() {
    let wrong = |change: fn(&mut MonitorConfig)| {
        let mut config = MonitorConfig::default();
        change(&mut config);
        Monitor::new(config).unwrap_err().member
    };
    assert_eq!(wrong(|config| config.responses_per_false_alarm = f64::NAN), "responses_per_false_alarm");
    assert_eq!(wrong(|config| config.baseline_responses = 99), "baseline_responses");
    assert_eq!(wrong(|config| config.objective_s = -45.0), "objective_s");
    assert_eq!(wrong(|config| config.give_up_s = f64::INFINITY), "give_up_s");
    assert_eq!(wrong(|config| config.max_hosts = 1), "max_hosts");
    assert_eq!(wrong(|config| config.max_incidents = 0), "max_incidents");
}

#[test]
fn the_host_not_asked_for_the_longest_leaves() {
    let mut hosts = Hosts::new(3, 1);
    for key in [1, 2, 3, 1] {
        hosts.touch(key << 60);
    }
    hosts.touch(4 << 60);
    assert_eq!(hosts.find(2 << 60), None);
    assert!([1, 3, 4].iter().all(|key| hosts.find(key << 60).is_some()));
    let place = hosts.find(3 << 60).unwrap();
    hosts.pin(place);
    for key in 5..9 {
        hosts.touch(key << 60);
    }
    assert_eq!(hosts.find(3 << 60), Some(place), "a host with an incident stays");
    assert_eq!((hosts.len(), hosts.turns().left), (3, 5));
}

/// Touches keys that crowd into few homes, so that the searches are long; who left, by rank from the oldest.
fn churn(hosts: &mut Hosts, mut touch: impl FnMut(&mut Hosts, u64, u64)) -> Vec<usize> {
    let (mut list, mut ranks, mut random) = (Vec::new(), Vec::new(), 1_u64);
    for round in 0..6_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round);
        let key = ((random >> 33) % 700) << 40;
        assert_eq!(hosts.find(key).is_some(), list.contains(&key));
        let left = hosts.turns().left;
        touch(hosts, key, random);
        list.retain(|known| *known != key);
        list.push(key);
        if hosts.turns().left > left {
            let gone = |known: &u64| hosts.find(*known).is_none();
            ranks.extend(list.iter().enumerate().filter(|(_, known)| gone(known)).map(|(rank, _)| rank));
            list.retain(|known| !gone(known));
        }
        assert_eq!(list.len(), hosts.len());
    }
    assert_eq!(ranks.len() as u64, hosts.turns().left);
    ranks
}

#[test]
fn those_that_leave_were_not_used_for_long() {
    let mut hosts = Hosts::new(500, 1);
    let ranks = churn(&mut hosts, |hosts, key, _| {
        hosts.touch(key);
    });
    assert_eq!(hosts.len(), 500);
    let young = ranks.iter().filter(|rank| **rank > 100).count();
    assert!(ranks.len() > 1_000 && young * 20 < ranks.len(), "{young} of {}", ranks.len());
}

#[test]
fn cells_are_had_by_forgetting_hosts() {
    let mut hosts = Hosts::new(500, 1);
    let ranks = churn(&mut hosts, |hosts, key, random| {
        let place = hosts.touch(key);
        let class = Class::ALL[(random >> 20) as usize % Class::ALL.len()];
        hosts.cell_or_new(place, class, 7, Tuning::new(1e6, 1000)).learned = 8;
        assert_eq!(hosts.cell(place, class).unwrap().learned, 8);
    });
    assert!(ranks.len() > 1_000 && hosts.len() > 50, "{} {}", ranks.len(), hosts.len());
}

#[test]
fn hosts_of_two_pipelines_are_two() {
    let key = |pipeline, host| key::key(0, pipeline, host);
    assert_ne!(key("a", "b.example"), key("ab", ".example"));
    assert_ne!(key("a", "b.example"), key("b", "a.example"));
    assert_ne!(key("", "12345678"), key("12345678", ""));
    assert_eq!(key("a", "Shop.Example"), key("a", "shop.example"));
    assert_ne!(key("a", "\u{c0}.example"), key("a", "\u{e0}.example"));
    assert_ne!(key::key(1, "a", "b.example"), key("a", "b.example"));
}

#[test]
fn every_day_has_its_date() {
    let mut expected = (0, 1, 1);
    let mut time = Time::from_unix_millis(i64::MIN);
    while expected.0 < 2_500 {
        let (year, month, day) = expected;
        assert_eq!(time.to_string(), format!("{year:04}-{month:02}-{day:02}T00:00:00Z"));
        assert_eq!(time.to_string().parse(), Ok(time));
        time = Time::from_unix_millis(time.unix_millis() + 86_400_000);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + i32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        expected = match (month, day) {
            (12, 31) => (year + 1, 1, 1),
            (_, day) if day == days => (year, month + 1, 1),
            _ => (year, month, day + 1),
        };
    }
    assert_eq!(Time::from_unix_millis(i64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
}

#[test]
fn times_that_are_none_are_refused() {
    for text in [
        "",
        "2026-11-20",
        "2026-11-20T12:00:00",
        "2026-11-20T12:00:00.Z",
        "2026-11-20T12:00:00+1:00",
        "2026-11-20T12:00:00+24:00",
        "2026-11-31T12:00:00Z",
        "2026-00-10T12:00:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T12:60:00Z",
        "2026-11-20T12:00:00Zz",
        "0000-01-01T00:00:00+00:01",
        "２026-11-20T12:00:00Z",
    ] {
        assert!(text.parse::<Time>().is_err(), "{text}");
    }
    let leap: Time = "2016-12-31T23:59:60Z".parse().unwrap();
    assert_eq!(leap.to_string(), "2017-01-01T00:00:00Z");
}
