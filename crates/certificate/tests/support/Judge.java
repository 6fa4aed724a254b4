// What Bouncy Castle says of certificates, lists, answers and signatures: a judge that shares no code with what it judges,
// and that knows SM2. It reads a question a line, `WORD ARGUMENT…`, arguments without spaces, and answers in a line:
// `good` or another standing, or `refused: …`.

import java.io.*;
import java.net.URI;
import java.net.http.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.*;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.*;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.*;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.*;
import org.bouncycastle.cert.ocsp.*;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.*;
import org.bouncycastle.operator.jcajce.*;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.io.pem.*;

@SuppressWarnings("unchecked")
class Judge {
    static final String BC = "BC";
    /** The key of the last request. */
    static KeyPair key;
    /** The algorithm of its signatures. */
    static String algorithm;

    public static void main(String[] none) throws IOException {
        Security.addProvider(new BouncyCastleProvider());
        var questions = new BufferedReader(new InputStreamReader(System.in));
        for (String question; (question = questions.readLine()) != null; ) {
            String answer;
            try {
                answer = answer(question.split(" "));
            } catch (Exception error) {
                answer = "refused: " + error;
            }
            System.out.println(answer.replace('\n', ' '));
            System.out.flush();
        }
    }

    static String answer(String[] q) throws Exception {
        return switch (q[0]) {
            // chain SECOND LEAF ISSUING ROOT [LIST…]
            case "chain" -> chain(at(q[1]), List.of(certificate(q[2]), certificate(q[3])), certificate(q[4]), lists(q, 5));
            // link SECOND LEAF ISSUER [LIST…]: one certificate under the one that has issued it
            case "link" -> chain(at(q[1]), List.of(certificate(q[2])), certificate(q[3]), lists(q, 4));
            // ask LEAF ISSUER OUT
            case "ask" -> written(q[3], request(certificate(q[1]), certificate(q[2])).getEncoded());
            // status SECOND RESPONSE LEAF ISSUER
            case "status" -> status(at(q[1]), new OCSPResp(bytes(q[2])), certificate(q[3]), certificate(q[4]), null);
            // online LEAF ROOT: by nothing but the addresses in the certificate
            case "online" -> online(certificate(q[1]), certificate(q[2]));
            // signature SECOND SIGNATURE DOCUMENT ROOT
            case "signature" -> signature(at(q[1]), new CMSSignedData(new CMSProcessableByteArray(bytes(q[3])), bytes(q[2])), certificate(q[4]));
            // stamp SIGNATURE AUTHORITY
            case "stamp" -> stamp(new CMSSignedData(bytes(q[1])), certificate(q[2]));
            // request SM2|P256 OUT
            case "request" -> newRequest(q[1].equals("SM2"), q[2]);
            // sign CHAIN DOCUMENT OUT: with the key of the last request
            case "sign" -> sign(certificates(q[1]), bytes(q[2]), q[3]);
            default -> "refused: no such question";
        };
    }

    static String chain(Date at, List<X509Certificate> path, X509Certificate root, List<X509CRL> lists) throws Exception {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setDate(at);
        parameters.setRevocationEnabled(!lists.isEmpty());
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists), BC));
        CertPathValidator.getInstance("PKIX", BC).validate(factory().generateCertPath(path), parameters);
        return "good";
    }

    static OCSPReq request(X509Certificate leaf, X509Certificate issuer) throws Exception {
        var sm2 = leaf.getSigAlgName().contains("SM2");
        var hash = new AlgorithmIdentifier(sm2 ? new ASN1ObjectIdentifier("1.2.156.10197.1.401") : CertificateID.HASH_SHA1.getAlgorithm());
        var id = new CertificateID(digests().get(hash), holder(issuer), leaf.getSerialNumber());
        var nonce = new DEROctetString(new SecureRandom().generateSeed(16));
        var extension = new org.bouncycastle.asn1.x509.Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, nonce.getEncoded());
        return new OCSPReqBuilder().addRequest(id).setRequestExtensions(new Extensions(extension)).build();
    }

    static String status(Date at, OCSPResp response, X509Certificate leaf, X509Certificate issuer, OCSPReq asked) throws Exception {
        holds(response.getStatus() == OCSPResp.SUCCESSFUL, "the response is no success");
        var basic = (BasicOCSPResp) response.getResponseObject();
        var key = new JcaContentVerifierProviderBuilder().setProvider(BC).build(issuer.getPublicKey());
        holds(basic.isSignatureValid(key), "the response is not signed by the issuer");
        var responder = new RespID(SubjectPublicKeyInfo.getInstance(issuer.getPublicKey().getEncoded()), digests().get(CertificateID.HASH_SHA1));
        holds(basic.getResponderId().equals(responder), "the response names another responder");
        if (asked != null) {
            var nonce = OCSPObjectIdentifiers.id_pkix_ocsp_nonce;
            holds(asked.getExtension(nonce).equals(basic.getExtension(nonce)), "the nonce is another");
        }
        var one = basic.getResponses()[0];
        holds(one.getCertID().matchesIssuer(holder(issuer), digests()), "the response is of another issuer");
        holds(one.getCertID().getSerialNumber().equals(leaf.getSerialNumber()), "the response is of another certificate");
        holds(!at.before(one.getThisUpdate()) && !at.after(one.getNextUpdate()), "the response is not of this time");
        return one.getCertStatus() == null ? "good" : one.getCertStatus() instanceof RevokedStatus ? "revoked" : "unknown";
    }

    static String online(X509Certificate leaf, X509Certificate root) throws Exception {
        var issuer = (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(got(access(leaf, AccessDescription.id_ad_caIssuers))));
        var asked = request(leaf, issuer);
        var post = HttpRequest.newBuilder(URI.create(access(leaf, AccessDescription.id_ad_ocsp)))
            .header("Content-Type", "application/ocsp-request").POST(HttpRequest.BodyPublishers.ofByteArray(asked.getEncoded())).build();
        var response = new OCSPResp(sent(post));
        var told = status(new Date(), response, leaf, issuer, asked);
        var lists = new ArrayList<X509CRL>();
        for (var certificate : List.of(leaf, issuer))
            lists.add((X509CRL) factory().generateCRL(new ByteArrayInputStream(got(listed(certificate)))));
        if (told.equals("revoked")) {
            holds(lists.get(0).isRevoked(leaf), "revoked, and not on the list");
            return told;
        }
        chain(new Date(), List.of(leaf, issuer), root, lists);
        return told;
    }

    static String signature(Date at, CMSSignedData signed, X509Certificate root) throws Exception {
        var signer = only(signed.getSignerInfos().getSigners());
        var own = (X509CertificateHolder) only(signed.getCertificates().getMatches(signer.getSID()));
        var verifier = new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(own);
        holds(signer.verify(verifier), "the signature does not hold");
        var named = SigningCertificateV2.getInstance(only(signer.getSignedAttributes(), PKCSObjectIdentifiers.id_aa_signingCertificateV2));
        var first = named.getCerts()[0];
        holds(Arrays.equals(first.getCertHash(), digest(first.getHashAlgorithm(), own.getEncoded())), "the certificate is another");
        var path = new ArrayList<X509Certificate>(List.of(java(own)));
        for (Object other : signed.getCertificates().getMatches(null))
            if (!other.equals(own)) path.add(java((X509CertificateHolder) other));
        return chain(at, path, root, List.of());
    }

    static String stamp(CMSSignedData signed, X509Certificate authority) throws Exception {
        var signer = only(signed.getSignerInfos().getSigners());
        var value = only(signer.getUnsignedAttributes(), PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
        var token = new TimeStampToken(new CMSSignedData(value.toASN1Primitive().getEncoded()));
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(authority));
        var info = token.getTimeStampInfo();
        holds(Arrays.equals(info.getMessageImprintDigest(), digest(info.getHashAlgorithm(), signer.getSignature())), "the time-stamp is of another signature");
        return "good";
    }

    static String newRequest(boolean sm2, String out) throws Exception {
        var keys = KeyPairGenerator.getInstance("EC", BC);
        keys.initialize(new ECGenParameterSpec(sm2 ? "sm2p256v1" : "P-256"));
        key = keys.generateKeyPair();
        algorithm = sm2 ? "SM3withSM2" : "SHA256withECDSA";
        var request = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=somebody"), key.getPublic()).build(contentSigner());
        var text = new StringWriter();
        try (var pem = new PemWriter(text)) {
            pem.writeObject(new PemObject("CERTIFICATE REQUEST", request.getEncoded()));
        }
        return written(out, text.toString().getBytes());
    }

    static String sign(List<X509Certificate> chain, byte[] document, String out) throws Exception {
        var hash = new DefaultDigestAlgorithmIdentifierFinder().find(algorithm.startsWith("SM3") ? "SM3" : "SHA-256");
        var id = new ESSCertIDv2(new AlgorithmIdentifier(hash.getAlgorithm()), digest(hash, chain.get(0).getEncoded()));
        var attributes = new Hashtable<ASN1ObjectIdentifier, Attribute>();
        var named = PKCSObjectIdentifiers.id_aa_signingCertificateV2;
        attributes.put(named, new Attribute(named, new DERSet(new SigningCertificateV2(id))));
        var signer = new JcaSignerInfoGeneratorBuilder(digests());
        signer.setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AttributeTable(attributes)));
        var signed = new CMSSignedDataGenerator();
        signed.addSignerInfoGenerator(signer.build(contentSigner(), chain.get(0)));
        signed.addCertificates(new JcaCertStore(chain));
        return written(out, signed.generate(new CMSProcessableByteArray(document), false).toASN1Structure().getEncoded(ASN1Encoding.DER));
    }

    static ContentSigner contentSigner() throws Exception {
        return new JcaContentSignerBuilder(algorithm).setProvider(BC).build(key.getPrivate());
    }

    static String access(X509Certificate certificate, ASN1ObjectIdentifier method) throws Exception {
        for (var one : AuthorityInformationAccess.fromExtensions(holder(certificate).getExtensions()).getAccessDescriptions())
            if (one.getAccessMethod().equals(method)) return one.getAccessLocation().getName().toString();
        throw new Exception("the certificate has no address of " + method);
    }

    static String listed(X509Certificate certificate) throws Exception {
        var points = CRLDistPoint.fromExtensions(holder(certificate).getExtensions()).getDistributionPoints();
        return GeneralNames.getInstance(points[0].getDistributionPoint().getName()).getNames()[0].getName().toString();
    }

    static byte[] got(String address) throws Exception {
        return sent(HttpRequest.newBuilder(URI.create(address)).build());
    }

    static byte[] sent(HttpRequest request) throws Exception {
        var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        holds(response.statusCode() == 200, request.uri() + " answers " + response.statusCode());
        return response.body();
    }

    static <T> T only(Collection<T> all) throws Exception {
        holds(all.size() == 1, all.size() + " where one is needed");
        return all.iterator().next();
    }

    static ASN1Encodable only(AttributeTable table, ASN1ObjectIdentifier oid) throws Exception {
        holds(table != null && table.getAll(oid).size() == 1 && table.get(oid).getAttrValues().size() == 1, oid + " is needed once");
        return table.get(oid).getAttrValues().getObjectAt(0);
    }

    static void holds(boolean it, String why) throws Exception {
        if (!it) throw new Exception(why);
    }

    static byte[] digest(AlgorithmIdentifier hash, byte[] bytes) throws Exception {
        return MessageDigest.getInstance(hash.getAlgorithm().getId(), BC).digest(bytes);
    }

    static DigestCalculatorProvider digests() throws Exception {
        return new JcaDigestCalculatorProviderBuilder().setProvider(BC).build();
    }

    static CertificateFactory factory() throws Exception {
        return CertificateFactory.getInstance("X.509", BC);
    }

    static X509CertificateHolder holder(X509Certificate certificate) throws Exception {
        return new JcaX509CertificateHolder(certificate);
    }

    static X509Certificate java(X509CertificateHolder holder) throws Exception {
        return new JcaX509CertificateConverter().setProvider(BC).getCertificate(holder);
    }

    static List<X509CRL> lists(String[] q, int from) throws Exception {
        var lists = new ArrayList<X509CRL>();
        for (int i = from; i < q.length; i++) lists.add((X509CRL) factory().generateCRL(new ByteArrayInputStream(bytes(q[i]))));
        return lists;
    }

    static List<X509Certificate> certificates(String file) throws Exception {
        var all = new ArrayList<X509Certificate>();
        for (Certificate one : factory().generateCertificates(new ByteArrayInputStream(bytes(file)))) all.add((X509Certificate) one);
        return all;
    }

    /** The first of a file. */
    static X509Certificate certificate(String file) throws Exception {
        return certificates(file).get(0);
    }

    static Date at(String seconds) {
        return new Date(Long.parseLong(seconds) * 1000);
    }

    static byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(Path.of(file));
    }

    static String written(String file, byte[] bytes) throws IOException {
        Files.write(Path.of(file), bytes);
        return "good";
    }
}
