package io.rollcall.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Data flows one way: watch, view, publish, admin. Each stage knows those before it and none after. */
final class ArrowsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.rollcall.agent");

    @Test
    void eachStageIsKnownOnlyToThoseAfterIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("watch")
                .definedBy("..agent.watch..")
                .layer("view")
                .definedBy("..agent.view..")
                .layer("session")
                .definedBy("..agent.session..")
                .layer("presence")
                .definedBy("..agent.presence..")
                .layer("drain")
                .definedBy("..agent.drain..")
                .layer("logs")
                .definedBy("..agent.logs..")
                .layer("publish")
                .definedBy("..agent.publish..")
                .layer("admin")
                .definedBy("..agent.admin..")
                .layer("agent")
                .definedBy("io.rollcall.agent")
                .layer("config")
                .definedBy("..agent.config..")
                .layer("cli")
                .definedBy("..agent.cli..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("agent")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("admin")
                .mayOnlyBeAccessedByLayers("agent", "cli")
                .whereLayer("publish")
                .mayOnlyBeAccessedByLayers("admin", "agent")
                .whereLayer("drain")
                .mayOnlyBeAccessedByLayers("logs", "admin", "agent")
                .whereLayer("presence")
                .mayOnlyBeAccessedByLayers("admin", "agent")
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("admin", "agent")
                .whereLayer("view")
                .mayOnlyBeAccessedByLayers("publish", "drain", "admin", "agent", "config")
                .whereLayer("watch")
                .mayOnlyBeAccessedByLayers("view", "publish", "drain", "admin", "agent")
                .check(CLASSES);
    }

    @Test
    void thePackagesFormNoCycle() {
        slices().matching("io.rollcall.agent.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theResolverNeedsNothingButTheJdk() {
        noClasses()
                .that()
                .resideInAPackage("..agent.resolve..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "..agent.resolve..", "..agent.sdbm..", "org.jspecify..")
                .check(CLASSES);
    }
}
