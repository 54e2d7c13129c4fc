//! Build script: compiles the C shim and turns `php-stubs` into registration tables, for the PHP that `php-config` describes.

#[cfg(feature = "php")]
mod library;
#[cfg(feature = "php")]
mod php;

fn main() {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=Cargo.lock");
    for version in ["php83", "php84"] {
        println!("cargo:rustc-check-cfg=cfg({version})");
    }
    // Threads of the runtime's pool may still run our code when PHP unloads its modules at the very end.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo:rustc-env=STEELWOOL_CRATES={}", crates());
    #[cfg(feature = "php")]
    php::build();
}

/// `name version` of the crates that phpinfo names, from the lock file.
fn crates() -> String {
    const NAMED: [&str; 6] = ["tokio", "h2", "rustls", "tungstenite", "mysql_async", "ext-php-rs"];
    let lock = std::fs::read_to_string("Cargo.lock").unwrap_or_default();
    let value = |line: &str, key: &str| Some(line.strip_prefix(key)?.trim_matches(['=', ' ', '"']).to_owned());
    let mut found = Vec::new();
    for package in lock.split("[[package]]") {
        let name = package.lines().find_map(|line| value(line, "name = "));
        let version = package.lines().find_map(|line| value(line, "version = "));
        if let (Some(name), Some(version)) = (name, version)
            && NAMED.contains(&name.as_str())
        {
            found.push(format!("{name} {version}"));
        }
    }
    found.join(", ")
}
