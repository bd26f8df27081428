//! Times of `classify`, with criterion's statistics.

use std::hint::black_box;

use cfblock_benches::cases;
use cfblock_core::classify;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn classify_cases(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("classify");
    for case in cases() {
        let pairs = case.pairs();
        let parts = case.parts(&pairs);
        if !case.bytes().is_empty() {
            group.throughput(Throughput::Bytes(case.bytes().len() as u64));
        }
        group.bench_function(&case.name, |bencher| bencher.iter(|| classify(black_box(&parts))));
    }
    group.finish();
}

criterion_group!(benches, classify_cases);
criterion_main!(benches);
