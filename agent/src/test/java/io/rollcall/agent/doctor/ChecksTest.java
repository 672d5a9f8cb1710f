package io.rollcall.agent.doctor;

import static io.rollcall.agent.doctor.Finding.Level.FAIL;
import static io.rollcall.agent.doctor.Finding.Level.OK;
import static io.rollcall.agent.doctor.Finding.Level.WARN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks on what the machine says, with a machine made of files. */
class ChecksTest {
    @TempDir
    Path root;

    private Path maps;
    private Path mounts;

    @BeforeEach
    void machine() throws IOException {
        maps = Files.createDirectory(root.resolve("maps"));
        for (String name : List.of("backends.map", "dice.map", "successors.map", "names.dir", "names.pag")) {
            Files.writeString(maps.resolve(name), "a 127.0.0.1:1\n");
            chmod(maps.resolve(name), "rw-r--r--");
        }
        mounts = Files.createDirectories(root.resolve("proc/self")).resolve("mountinfo");
        Files.writeString(mounts, "1 0 254:0 / / rw - ext4 /dev/vda rw\n");
    }

    @Test
    void versionsAreJudgedAsTheyDeserve() {
        assertThat(VersionCheck.of("2.4.71").level()).isEqualTo(OK);
        assertThat(VersionCheck.of("2.4.69").level()).isEqualTo(OK);
        assertThat(VersionCheck.of("2.4.68").level()).isEqualTo(WARN);
        assertThat(VersionCheck.of("2.4.63").level()).isEqualTo(WARN);
        assertThat(VersionCheck.of("2.4.62").level()).isEqualTo(FAIL);
        assertThat(VersionCheck.of("2.4.9").level()).isEqualTo(FAIL);
        assertThat(VersionCheck.of("2.4.64").why()).contains("CVE-2025-54090");
        assertThat(VersionCheck.of("2.5.1").level()).isEqualTo(OK);
    }

    @Test
    void aMapThatHttpdsUserCannotReadIsFoundAnywhereOnThePath() throws Exception {
        User stranger = new User("stranger", 61234, Set.of(61234));
        for (Path directory = root; directory != null; directory = directory.getParent()) {
            if (new User("x", 61234, Set.of()).obstacle(User.PASS, directory).isEmpty()) {
                break;
            }
            chmod(directory, "rwxr-xr-x");
        }
        assertThat(check("readable", stranger, Instant.now()).level()).isEqualTo(OK);
        chmod(maps.resolve("dice.map"), "rw-------");
        assertThat(check("readable", stranger, Instant.now()).what())
                .contains("stranger cannot read", "dice.map has mode 0600");
        chmod(maps, "rwx------");
        assertThat(check("readable", stranger, Instant.now()).what()).contains(maps + " has mode 0700");
        assertThat(check("readable", new User("root", 0, Set.of(0)), Instant.now())
                        .level())
                .isEqualTo(OK);
    }

    @Test
    void aFileThatIsMountedByItselfIsRefused() throws Exception {
        Files.writeString(
                mounts, "2 1 254:0 /x " + maps.toRealPath().resolve("backends.map") + " rw - ext4 /dev/vda rw\n");
        Finding mount = check("mount", root(), Instant.now());
        assertThat(mount.level()).isEqualTo(FAIL);
        assertThat(mount.what()).endsWith("backends.map is mounted by itself");
        Files.writeString(mounts, "2 1 254:0 /x " + maps.toRealPath() + " rw - ext4 /dev/vda rw\n");
        assertThat(check("mount", root(), Instant.now()).level()).isEqualTo(OK);
    }

    @Test
    void mapsUnderTmpAreRefusedIfHttpdHasItsOwn() throws Exception {
        assumeThat(maps.toRealPath().startsWith("/tmp")).isTrue();
        assertThat(check("tmp", root(), Instant.now()).level()).isEqualTo(WARN);
        Path drop = Files.createDirectories(root.resolve("etc/systemd/system/apache2.service.d"));
        Files.writeString(drop.resolve("own.conf"), "[Service]\nPrivateTmp=true\n");
        Finding tmp = check("tmp", root(), Instant.now());
        assertThat(tmp.level()).isEqualTo(FAIL);
        assertThat(tmp.what()).contains("own.conf says PrivateTmp");
    }

    @Test
    void aRunningHttpdThatSeesOtherFilesIsNoticed() throws Exception {
        Path view = Files.createDirectories(root.resolve("proc/42/root"));
        Surroundings machine = new Surroundings(root, Optional.of(42L), Instant.now());
        assertThat(check("seen", root(), machine).level()).isEqualTo(FAIL);
        Files.createDirectories(view.resolve(root.toString().substring(1)));
        Files.createSymbolicLink(view.resolve(maps.toString().substring(1)), maps);
        assertThat(check("seen", root(), machine).level()).isEqualTo(OK);
        Files.delete(view.resolve(maps.toString().substring(1)));
    }

    @Test
    void mapsThatNobodyTouchedForThreeMinutesAreOld() throws Exception {
        Instant now = Instant.parse("2030-01-01T12:00:00Z");
        FileTime published = FileTime.from(now.minus(Duration.ofMinutes(3)));
        Files.setLastModifiedTime(maps.resolve("backends.map"), published);
        assertThat(check("age", root(), now).level()).isEqualTo(OK);
        Finding old = check("age", root(), now.plusSeconds(1));
        assertThat(old.level()).isEqualTo(FAIL);
        assertThat(old.what()).endsWith("was last touched at 2030-01-01T11:57:00Z, 3 minutes ago");
    }

    @Test
    void mapsThatAreMissingAreNamed() throws Exception {
        Files.delete(maps.resolve("dice.map"));
        assertThat(check("maps", root(), Instant.now()).what()).isEqualTo(maps + " lacks dice.map");
    }

    @Test
    void aResolverThatRunsAsRootIsNoticed() throws Exception {
        assertThat(owner("r prg:/bin/rollcall", true)).isEqualTo(WARN);
        assertThat(owner("r \"prg:/bin/rollcall resolve\" root:root", true)).isEqualTo(WARN);
        assertThat(owner("r \"prg:/bin/rollcall resolve\" www-data:www-data", true))
                .isEqualTo(OK);
        assertThat(owner("r \"prg:/bin/rollcall resolve\"", false)).isEqualTo(OK);
    }

    @Test
    void theOrderOfModEnvAndModAliasIsLookedAt() {
        assertThat(ConfigurationChecks.of(loaded(List.of("env_module", "alias_module"))))
                .extracting(Finding::check)
                .contains("order");
        assertThat(ConfigurationChecks.of(loaded(List.of("alias_module", "env_module"))))
                .extracting(Finding::check)
                .doesNotContain("order");
        assertThat(ConfigurationChecks.of(loaded(List.of("env_module"))))
                .extracting(Finding::check)
                .doesNotContain("order");
    }

    @Test
    void withoutModInfoTheRestIsStillChecked() {
        List<Finding> findings = ConfigurationChecks.of(loaded(List.of("rewrite_module")));
        assertThat(findings).extracting(Finding::check).containsExactly("modules", "include", "configuration");
        assertThat(findings).extracting(Finding::level).containsExactly(FAIL, OK, WARN);
    }

    private static Facts loaded(List<String> modules) {
        return new Facts(
                Path.of("x"),
                "2.4.71",
                new LinkedHashSet<>(modules),
                Set.of("/opt/rollcall/apache/rollcall.conf"),
                Optional.empty(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Finding.Level owner(String map, boolean startedAsRoot) throws IOException {
        Facts facts = new Facts(
                Path.of("x"),
                "2.4.71",
                Set.of(),
                Set.of(),
                Optional.of(List.of(new Directive("RewriteMap", map, "x", 1, List.of(), 0))),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
        return one(new ResolverChecks(facts, startedAsRoot).all(), "resolver-user")
                .level();
    }

    private Finding check(String check, User user, Instant now) throws IOException {
        return check(check, user, new Surroundings(root, Optional.empty(), now));
    }

    private Finding check(String check, User user, Surroundings surroundings) throws IOException {
        return one(new MapChecks(maps, Optional.of(user), surroundings).all(), check);
    }

    private static Finding one(List<Finding> findings, String check) {
        return findings.stream()
                .filter(f -> f.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static User root() {
        return new User("root", 0, Set.of(0));
    }

    private static void chmod(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
