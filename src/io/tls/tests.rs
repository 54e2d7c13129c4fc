//! Real handshakes between both sides, with certificates that the openssl command makes while the tests run.

use super::*;
use rustls::pki_types::UnixTime;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// A folder of certificates, made once for all tests of the process.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("steelwool-tls-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let script = r#"
            set -e
            cnf() { printf '[e]\nbasicConstraints=critical,CA:%s\nsubjectAltName=%s\n' "$1" "$2" > "$3.cnf"; }
            key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
            root() {
                key $1
                openssl req -x509 -new -key $1.key -subj "/CN=$1" -days 10 -out $1.crt
            }
            signed() { # name, issuer, CA, names
                key $1
                cnf $3 "$4" $1
                openssl req -new -key $1.key -subj "/CN=$1" -out $1.csr
                openssl x509 -req -in $1.csr -CA $2.crt -CAkey $2.key -set_serial $5 -days 10 \
                    -extfile $1.cnf -extensions e -out $1.crt
            }
            root ca
            root other
            signed middle ca TRUE DNS:middle 2
            signed deep middle FALSE DNS:deep.example 3
            cat deep.crt middle.crt > chain.crt
            signed localhost ca FALSE 'DNS:localhost,DNS:*.wild.example,IP:127.0.0.1' 4
            signed second ca FALSE DNS:second.example 5
            signed client ca FALSE DNS:client 6
            root self
            openssl req -new -key self.key -subj /CN=named.example -out named.csr
            cp self.key named.key
            openssl x509 -req -in named.csr -CA ca.crt -CAkey ca.key -set_serial 7 -days 10 -out named.crt
            openssl req -new -key self.key -subj /CN=old.example -out old.csr
            # by dates where openssl knows them (3.4), since it takes no negative number of days any more
            openssl x509 -req -in old.csr -signkey self.key -not_before 20200101000000Z -not_after 20200102000000Z -out old.crt 2>/dev/null ||
                openssl x509 -req -in old.csr -signkey self.key -days -1 -out old.crt 2>/dev/null ||
                openssl req -x509 -key self.key -subj /CN=old.example -days -1 -out old.crt
            openssl genrsa -out rsa.key 2048
            openssl req -x509 -new -key rsa.key -subj /CN=rsa -days 10 -out rsa.crt
            openssl rsa -in rsa.key -traditional -des3 -passout pass:secret -out des3.key
            openssl rsa -in rsa.key -traditional -aes256 -passout pass:secret -out aes.key
            openssl pkcs8 -topk8 -in rsa.key -passout pass:secret -out pkcs8.key
            openssl ec -in self.key -aes128 -passout pass:secret -out ec-aes.key
            mkdir -p hashed
            cp ca.crt hashed/
        "#;
        let mut shell = Command::new("sh").current_dir(&folder).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let shell = shell.as_mut().unwrap();
        shell.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let mut errors = String::new();
        shell.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert!(shell.wait().unwrap().success(), "{errors}");
        folder
    })
}

fn file(name: &str) -> PathBuf {
    folder().join(name)
}

fn identity(name: &str) -> Option<Identity> {
    Some(Identity { cert_file: file(&format!("{name}.crt")), key_file: file(&format!("{name}.key")), passphrase: None })
}

fn server(name: &str) -> ServerSettings {
    ServerSettings { identity: identity(name), ..ServerSettings::default() }
}

fn client() -> ClientSettings {
    ClientSettings::default()
}

fn verifying(host: Option<&str>) -> ClientSettings {
    let trust = TrustFiles { cafile: Some(file("ca.crt")), capath: None };
    ClientSettings { verify_peer: true, host_name: host.map(str::to_owned), trust, ..client() }
}

/// What each side has to say after a handshake and an exchange of a few bytes.
struct Meeting {
    server: Result<Session, Error>,
    client: Result<Session, Error>,
}

impl Meeting {
    fn is_well(&self) -> bool {
        self.server.is_ok() && self.client.is_ok()
    }
}

fn meet(server: &ServerTls, client: &ClientTls) -> Meeting {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let talk = |mut session: Session, mut socket: TcpStream, first: bool| {
        let mut exchange = || {
            session.handshake(&mut socket)?;
            let mut buffer = [0; 4];
            if first {
                session.write(&mut socket, b"ping")?;
            }
            let count = session.read(&mut socket, &mut buffer)?;
            if count == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            assert_eq!(&buffer[..count], if first { b"pong" } else { b"ping" });
            if !first {
                session.write(&mut socket, b"pong")?;
            }
            std::io::Result::Ok(())
        };
        exchange().map_err(Error::from)?;
        Ok(session)
    };
    std::thread::scope(|scope| {
        let serving = scope.spawn(|| talk(Session::server(server)?, listener.accept().unwrap().0, false));
        let client = talk(Session::client(client).unwrap(), TcpStream::connect(address).unwrap(), true);
        Meeting { server: serving.join().unwrap(), client }
    })
}

#[test]
fn a_client_that_verifies_nothing_trusts_everybody() {
    let tls = client().build().unwrap();
    for name in ["localhost", "self", "rsa"] {
        let meeting = meet(&server(name).build().unwrap(), &tls);
        let pem = meeting.client.unwrap().peer_certificate().unwrap();
        assert_eq!(pem, std::fs::read_to_string(file(&format!("{name}.crt"))).unwrap());
        assert_eq!(meeting.server.unwrap().peer_certificate().unwrap_err().kind, Kind::EmptyPeerCertificate);
    }
}

#[test]
fn a_client_that_verifies_trusts_whom_its_file_names() {
    let known = server("localhost").build().unwrap();
    for host in [None, Some("localhost"), Some("a.wild.example"), Some("127.0.0.1")] {
        assert!(meet(&known, &verifying(host).build().unwrap()).is_well(), "{host:?}");
    }
    let stranger = meet(&known, &verifying(Some("evil.example")).build().unwrap()).client.unwrap_err();
    assert_eq!((stranger.kind, stranger.reason, stranger.text()), (Kind::VerifyFailed, 62, "hostname mismatch"));
    let meeting = meet(&server("self").build().unwrap(), &verifying(None).build().unwrap());
    let refused = meeting.client.unwrap_err();
    assert_eq!((refused.code(), refused.text()), (1014, "self-signed certificate"));
    assert!(meeting.server.is_err());
    let lenient = ClientSettings { allow_self_signed: true, ..verifying(None) };
    assert!(meet(&server("self").build().unwrap(), &lenient.build().unwrap()).is_well());
    // That a certificate names the host is worth nothing when nobody but itself says so: only who asks for the name sees it.
    let elsewhere = ClientSettings { allow_self_signed: true, ..verifying(Some("evil.example")) };
    let assumed = ClientSettings { host_is_assumed: true, ..elsewhere.clone() };
    let own = server("self").build().unwrap();
    assert!(meet(&own, &assumed.build().unwrap()).is_well());
    assert_eq!(meet(&own, &elsewhere.build().unwrap()).client.unwrap_err().text(), "hostname mismatch");
    let assumed = ClientSettings { host_is_assumed: true, ..verifying(Some("evil.example")) };
    assert_eq!(meet(&known, &assumed.build().unwrap()).client.unwrap_err().text(), "hostname mismatch");
    let folder = TrustFiles { cafile: None, capath: Some(file("hashed")) };
    assert!(meet(&known, &ClientSettings { trust: folder, ..verifying(None) }.build().unwrap()).is_well());
    let unknown = TrustFiles { cafile: Some(file("other.crt")), capath: None };
    let refused = meet(&known, &ClientSettings { trust: unknown, ..verifying(None) }.build().unwrap());
    assert_eq!(refused.client.unwrap_err().text(), "unable to get local issuer certificate");
}

#[test]
fn a_certificate_can_be_trusted_by_itself() {
    let trust = TrustFiles { cafile: Some(file("self.crt")), capath: None };
    let tls = ClientSettings { trust, ..verifying(Some("self")) }.build().unwrap();
    assert!(meet(&server("self").build().unwrap(), &tls).is_well());
    let trust = Trust::load(&TrustFiles { cafile: Some(file("old.crt")), capath: None }).unwrap();
    let old = super::pem::certificates(&file("old.crt")).unwrap();
    let refused = trust.judge(&old, Purpose::Server, None, true, UnixTime::now()).unwrap_err();
    assert_eq!((refused.reason, refused.text()), (10, "certificate has expired"));
}

#[test]
fn chains_are_as_long_as_allowed() {
    let chain = Identity { cert_file: file("chain.crt"), key_file: file("deep.key"), passphrase: None };
    let deep = ServerSettings { identity: Some(chain), ..ServerSettings::default() }.build().unwrap();
    assert!(meet(&deep, &verifying(Some("deep.example")).build().unwrap()).is_well());
    let shallow = ClientSettings { verify_depth: Some(0), ..verifying(None) }.build().unwrap();
    assert_eq!(meet(&deep, &shallow).client.unwrap_err().text(), "certificate chain too long");
}

#[test]
fn a_verdict_can_be_asked_for_later() {
    let meeting = meet(&server("localhost").build().unwrap(), &client().build().unwrap());
    let session = meeting.client.unwrap();
    let chain = session.connection().peer_certificates().unwrap();
    let judge = |name: &str| {
        let trust = TrustFiles { cafile: Some(file(name)), capath: None };
        ClientSettings { trust, ..client() }.build().unwrap().verify(chain, false)
    };
    assert_eq!(judge("ca.crt"), Ok(()));
    assert_eq!(judge("other.crt").unwrap_err().kind, Kind::VerifyFailed);
}

#[test]
fn a_common_name_counts_where_there_are_no_others() {
    let named = super::pem::certificates(&file("self.crt")).unwrap();
    assert_eq!(check_host(&named[0], "self"), Ok(()));
    assert!(check_host(&named[0], "other").is_err());
    let others = super::pem::certificates(&file("middle.crt")).unwrap();
    assert_eq!(check_host(&others[0], "middle"), Ok(()));
    let deep = super::pem::certificates(&file("deep.crt")).unwrap();
    assert!(check_host(&deep[0], "deep").is_err(), "alternative names are all the names that there are");
}

#[test]
fn servers_choose_a_certificate_by_name() {
    let sni = vec![
        ("*.wild.example".to_owned(), identity("localhost").unwrap()),
        ("second.example".to_owned(), identity("second").unwrap()),
    ];
    let tls = ServerSettings { sni, ..server("self") }.build().unwrap();
    let shown = |host: Option<&str>, disable_sni| {
        let asking = ClientSettings { host_name: host.map(str::to_owned), disable_sni, ..client() };
        meet(&tls, &asking.build().unwrap()).client.unwrap().peer_certificate().unwrap()
    };
    let text = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    assert_eq!(shown(Some("second.example"), false), text("second.crt"));
    assert_eq!(shown(Some("a.wild.example"), false), text("localhost.crt"));
    assert_eq!(shown(Some("unknown.example"), false), text("self.crt"));
    assert_eq!(shown(Some("second.example"), true), text("self.crt"));
    assert_eq!(shown(None, false), text("self.crt"));
}

#[test]
fn clients_show_certificates_when_asked() {
    let asking = |verify_peer| {
        let settings = ServerSettings { client_cert_file: Some(file("ca.crt")), verify_peer, ..server("localhost") };
        settings.build().unwrap()
    };
    let known = ClientSettings { identity: identity("client"), ..client() }.build().unwrap();
    let stranger = ClientSettings { identity: identity("self"), ..client() }.build().unwrap();
    let nobody = client().build().unwrap();
    for verify in [true, false] {
        let pem = meet(&asking(verify), &known).server.unwrap().peer_certificate().unwrap();
        assert_eq!(pem, std::fs::read_to_string(file("client.crt")).unwrap());
    }
    assert!(meet(&asking(false), &stranger).is_well());
    assert!(meet(&asking(false), &nobody).is_well());
    assert_eq!(meet(&asking(true), &stranger).server.unwrap_err().kind, Kind::VerifyFailed);
    let meeting = meet(&asking(true), &nobody);
    assert_eq!(meeting.server.unwrap_err().kind, Kind::EmptyPeerCertificate);
    assert_eq!(meeting.client.unwrap_err().text(), "tlsv13 alert certificate required");
    let lenient = ServerSettings {
        client_cert_file: Some(file("ca.crt")),
        verify_peer: true,
        allow_self_signed: true,
        ..server("localhost")
    };
    assert!(meet(&lenient.build().unwrap(), &stranger).is_well());
}

#[test]
fn versions_and_ciphers_are_agreed_on() {
    let old = Dialect { protocols: TLS_1_2, ciphers: Some("ECDHE-ECDSA-CHACHA20-POLY1305".into()), curves: None };
    let tls = ServerSettings { dialect: old.clone(), ..server("self") }.build().unwrap();
    let meeting = meet(&tls, &client().build().unwrap());
    let session = meeting.client.unwrap();
    assert_eq!(session.connection().protocol_version(), Some(rustls::ProtocolVersion::TLSv1_2));
    let suite = session.connection().negotiated_cipher_suite().unwrap().suite();
    assert_eq!(suite, rustls::CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256);
    let new = Dialect { protocols: TLS_1_3, ..Dialect::default() };
    let apart = meet(&tls, &ClientSettings { dialect: new, ..client() }.build().unwrap());
    assert!(apart.client.is_err());
    assert_eq!(apart.server.unwrap_err().code(), Kind::BadProtocol.code());
}

#[test]
fn protocols_are_agreed_on() {
    let alpn = |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect::<Vec<_>>();
    let tls = ServerSettings { alpn: alpn(&["h2", "http/1.1"]), ..server("self") }.build().unwrap();
    let agreed = |names: &[&str]| {
        let asking = ClientSettings { alpn: alpn(names), ..client() }.build().unwrap();
        meet(&tls, &asking).client.map(|session| session.connection().alpn_protocol().map(<[u8]>::to_vec))
    };
    assert_eq!(agreed(&["http/1.1", "h2"]).unwrap(), Some(b"h2".to_vec()));
    assert_eq!(agreed(&["http/1.1"]).unwrap(), Some(b"http/1.1".to_vec()));
    assert_eq!(agreed(&[]).unwrap(), None);
    assert!(agreed(&["smtp"]).is_err());
}

#[test]
fn certificates_are_exchanged_while_serving() {
    let copy = |from: &str| {
        std::fs::copy(file(&format!("{from}.crt")), file("live.crt")).unwrap();
        std::fs::copy(file(&format!("{from}.key")), file("live.key")).unwrap();
    };
    copy("localhost");
    let mut tls = server("live").build().unwrap();
    let ask = client().build().unwrap();
    let shown = |tls: &ServerTls| meet(tls, &ask).client.unwrap().peer_certificate().unwrap();
    let text = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    assert_eq!(shown(&tls), text("localhost.crt"));
    copy("second");
    assert_eq!(shown(&tls), text("localhost.crt"));
    tls.reload().unwrap();
    assert_eq!(shown(&tls), text("second.crt"));
    std::fs::write(file("live.crt"), "rubbish").unwrap();
    assert_eq!(tls.reload().unwrap_err().code(), 1019);
    assert_eq!(shown(&tls), text("second.crt"));
    tls.replace(identity("self"), Vec::new()).unwrap();
    assert_eq!(shown(&tls), text("self.crt"));
}

#[test]
fn keys_open_with_their_passphrase() {
    for key in ["des3.key", "aes.key", "pkcs8.key"] {
        let with = |passphrase: Option<&[u8]>| {
            let passphrase = passphrase.map(<[u8]>::to_vec);
            let identity = Identity { cert_file: file("rsa.crt"), key_file: file(key), passphrase };
            ServerSettings { identity: Some(identity), ..ServerSettings::default() }.build()
        };
        assert!(meet(&with(Some(b"secret")).unwrap(), &client().build().unwrap()).is_well(), "{key}");
        assert!(with(Some(b"wrong")).unwrap_err().text().ends_with("bad decrypt"), "{key}");
        assert!(with(None).unwrap_err().text().ends_with("bad password read"), "{key}");
    }
    let identity =
        Identity { cert_file: file("self.crt"), key_file: file("ec-aes.key"), passphrase: Some(b"secret".to_vec()) };
    ServerSettings { identity: Some(identity), ..ServerSettings::default() }.build().unwrap();
}

#[test]
fn what_does_not_fit_is_refused() {
    let wrong = Identity { cert_file: file("localhost.crt"), key_file: file("self.key"), passphrase: None };
    let error = ServerSettings { identity: Some(wrong), ..ServerSettings::default() }.build().unwrap_err();
    assert!(error.text().ends_with("key values mismatch"));
    let missing = Identity { cert_file: file("missing.crt"), ..Identity::default() };
    assert!(ServerSettings { identity: Some(missing), ..ServerSettings::default() }.build().is_err());
    let error = ServerSettings::default().build().unwrap_err();
    assert_eq!(error.text(), "require `ssl_cert_file` and `ssl_key_file` options");
}

#[test]
fn what_is_not_tls_is_told_apart() {
    let tls = server("self").build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut other = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    other.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut session = Session::server(&tls).unwrap();
    let error = Error::from(session.handshake(&mut listener.accept().unwrap().0).unwrap_err());
    assert_eq!((error.kind, error.reason, error.text()), (Kind::BadClient, 267, "wrong version number"));
    let quiet = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    drop(quiet);
    let mut session = Session::server(&tls).unwrap();
    let error = Error::from(session.handshake(&mut listener.accept().unwrap().0).unwrap_err());
    assert_eq!((error.code(), error.text()), (1017, "unexpected eof while reading"));
}

#[test]
fn sockets_need_not_block() {
    let (server_tls, client_tls) = (server("self").build().unwrap(), client().build().unwrap());
    let (mut server, mut client) = (Session::server(&server_tls).unwrap(), Session::client(&client_tls).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut outer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let mut inner = listener.accept().unwrap().0;
    outer.set_nonblocking(true).unwrap();
    inner.set_nonblocking(true).unwrap();
    let mut waits = 0;
    while !(server.is_ready() && client.is_ready()) {
        for result in [client.handshake(&mut outer), server.handshake(&mut inner)] {
            match result {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => waits += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert!(waits > 0);
    let all = vec![b'x'; 3_000_000];
    let mut sent = 0;
    let mut got = 0;
    let mut buffer = vec![0; 100_000];
    while got < all.len() {
        match client.write(&mut outer, &all[sent..]) {
            Ok(count) => sent += count,
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        match server.read(&mut inner, &mut buffer) {
            Ok(count) => got += count,
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
    }
    client.close(&mut outer);
    // tickets that nobody read wait in the client's socket: closing it now would reset the connection
    outer.shutdown(std::net::Shutdown::Write).unwrap();
    inner.set_nonblocking(false).unwrap();
    assert_eq!(server.read(&mut inner, &mut buffer).unwrap(), 0);
}

#[test]
fn tokio_speaks_the_same() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (server, client) = (server("localhost").build().unwrap(), verifying(Some("localhost")).build().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (left, right) = tokio::io::duplex(1000);
        let accepting = tokio_rustls::TlsAcceptor::from(server.config().clone()).accept(left);
        let connecting = tokio_rustls::TlsConnector::from(client.config().clone()).connect(client.server_name(), right);
        let (accepted, connected) = tokio::join!(accepting, connecting);
        let (mut accepted, mut connected) = (accepted.unwrap(), connected.unwrap());
        connected.write_all(b"hello").await.unwrap();
        connected.flush().await.unwrap();
        let mut buffer = [0; 5];
        accepted.read_exact(&mut buffer).await.unwrap();
        assert_eq!(&buffer, b"hello");
        assert!(peer_certificate(connected.get_ref().1).unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));
    });
}

#[test]
fn certificates_may_have_no_extensions() {
    let trusted = |name: &str| Trust::of(super::pem::certificates(&file(name)).unwrap());
    let judge = |trust: &Trust, certificate: &[u8], now| {
        let certificate = rustls::pki_types::CertificateDer::from(certificate.to_vec());
        trust.judge(&[certificate], Purpose::Client, None, false, now).map(|_| ())
    };
    let named = super::pem::certificates(&file("named.crt")).unwrap().remove(0).to_vec();
    let now = UnixTime::now();
    assert_eq!(judge(&trusted("ca.crt"), &named, now), Ok(()));
    assert!(judge(&trusted("other.crt"), &named, now).is_err());
    let later = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now.as_secs() + 20 * 86_400));
    assert!(judge(&trusted("ca.crt"), &named, later).is_err());
    // of the name, of the key, of the signature
    for at in [named.len() / 4, named.len() / 2, named.len() - 3] {
        let mut changed = named.clone();
        changed[at] ^= 1;
        assert!(judge(&trusted("ca.crt"), &changed, now).is_err(), "{at}");
    }
}
