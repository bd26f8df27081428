//! Lets the addon take its symbols from Node.

fn main() {
    napi_build::setup();
}
