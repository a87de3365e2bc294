package io.softq4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noConstructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.text.Collator;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fences between the modules: each technology in one place, and arrows that point one way. */
class ArchitectureTest {

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.softq4j");

    /** Which of our modules each may use, itself and common aside. The command line wires them and may use all. */
    private static final Map<String, Set<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            Map.entry("common", Set.of()),
            Map.entry("config", Set.of()),
            Map.entry("graph", Set.of()),
            Map.entry("tokens", Set.of()),
            Map.entry("chat", Set.of("tokens")),
            Map.entry("model", Set.of("graph")),
            Map.entry("generation", Set.of("model", "graph")),
            Map.entry("objective", Set.of("model", "graph")),
            Map.entry("training", Set.of("objective", "model", "graph", "tokens")),
            Map.entry("evaluation", Set.of()),
            Map.entry("onnx", Set.of("model", "graph")),
            Map.entry("data", Set.of("chat", "tokens")),
            Map.entry("sweep", Set.of()),
            Map.entry("workflow", Set.of("config", "chat", "data", "evaluation", "generation", "graph", "model", "objective", "onnx", "sweep", "tokens",
                    "training"))));

    private static final int MOST_PARAMETERS = 10;

    @Test
    void nd4jIsImportedOnlyWhereGraphsAreBuiltAndRun() {
        noClasses().that(areOutside("graph", "model", "objective", "onnx")).should().dependOnClassesThat(areTensors()).check(CLASSES);
    }

    /** An objective writes its loss in the words of a graph, but who uses one sees numbers alone, save who writes one as an expression over logits. */
    @Test
    void noObjectiveShowsATensor() {
        String expressions = "io\\.softq4j\\.objective\\.LogitsObjective.*";
        noMethods().that().areDeclaredInClassesThat(areIn("io.softq4j.objective.")).and().areDeclaredInClassesThat().arePublic()
                .and().areDeclaredInClassesThat().haveNameNotMatching(expressions).and().arePublic().should().haveRawReturnType(areTensors()).orShould().haveRawParameterTypes(haveTensors()).check(CLASSES);
        noConstructors().that().areDeclaredInClassesThat(areIn("io.softq4j.objective.")).and().areDeclaredInClassesThat().arePublic()
                .and().areDeclaredInClassesThat().haveNameNotMatching(expressions).and().arePublic().should().haveRawParameterTypes(haveTensors()).check(CLASSES);
    }

    @Test
    void dataVecIsImportedOnlyInData() {
        noClasses().that(areOutside("data")).should().dependOnClassesThat(areIn("org.datavec.")).check(CLASSES);
    }

    @Test
    void arbiterIsImportedOnlyInSweep() {
        noClasses().that(areOutside("sweep")).should().dependOnClassesThat(areIn("org.deeplearning4j.")).check(CLASSES);
    }

    @Test
    void onlyTheCommandLineTalksToTheTerminal() {
        noClasses().that(areOutside("cli")).should().accessField(System.class, "out").orShould().accessField(System.class, "err")
                .orShould().callMethod(Throwable.class, "printStackTrace").check(CLASSES);
    }

    /** How strictly JSON is read and how it is written is said once; rows of a corpus have a parser of their own, with limits. */
    @Test
    void jsonIsReadAndWrittenInOneWay() {
        noClasses().that(areOutside("common", "benchmark")).and().haveNameNotMatching("io\\.softq4j\\.data\\.read\\.JsonObjects")
                .should().callConstructor(ObjectMapper.class).orShould().callMethod(JsonMapper.class, "builder")
                .orShould().callMethod(JsonMapper.class, "builder", JsonFactory.class)
                .orShould().callMethod(ObjectMapper.class, "writerWithDefaultPrettyPrinter").check(CLASSES);
    }

    /** So that an application can do without them. */
    @Test
    void onlyTheCommandLineParsesOptionsAndDrawsBars() {
        noClasses().that(areOutside("cli")).should().dependOnClassesThat(areIn("picocli.").or(areIn("me.tongfei.progressbar."))).check(CLASSES);
    }

    /** The same bytes and the same words wherever the user lives: Turkish has two letters i, Arabic and others digits of their own. */
    @Test
    void nothingIsFormattedOrCasedByTheDefaultLocale() {
        noClasses().should().callMethod(String.class, "format", String.class, Object[].class)
                .orShould().callMethod(String.class, "formatted", Object[].class)
                .orShould().callMethod(String.class, "toLowerCase").orShould().callMethod(String.class, "toUpperCase")
                .orShould().callMethod(PrintWriter.class, "printf", String.class, Object[].class)
                .orShould().callMethod(PrintWriter.class, "format", String.class, Object[].class)
                .orShould().callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould().callMethod(PrintStream.class, "format", String.class, Object[].class)
                .orShould().callMethod(NumberFormat.class, "getInstance").orShould().callMethod(NumberFormat.class, "getNumberInstance")
                .orShould().callMethod(NumberFormat.class, "getPercentInstance").orShould().callMethod(NumberFormat.class, "getIntegerInstance")
                .orShould().callConstructor(DecimalFormat.class, String.class).orShould().callConstructor(Formatter.class)
                .orShould().callConstructor(Formatter.class, Appendable.class)
                .orShould().callMethod(DateTimeFormatter.class, "ofPattern", String.class)
                .orShould().callMethod(Collator.class, "getInstance").orShould().callMethod(BreakIterator.class, "getWordInstance")
                .check(CLASSES);
    }

    @Test
    void arrowsBetweenModulesPointOneWay() {
        ARROWS.forEach((module, others) -> noClasses().that(areIn("io.softq4j." + module + ".")).should().dependOnClassesThat(
                areIn("io.softq4j.").and(areOutside(module, "common")).and(areOutside(others.toArray(String[]::new))))
                        .allowEmptyShould(true).check(CLASSES));
        Set<String> modules = CLASSES.stream().map(c -> c.getPackageName().split("\\.")[2]).collect(Collectors.toCollection(TreeSet::new));
        modules.removeAll(ARROWS.keySet());
        assertEquals(Set.of("cli"), modules, "modules without a place in the architecture");
    }

    /** An arrow that nothing uses any more would let a wrong one in. */
    @Test
    void everyArrowIsUsed() {
        Set<String> unused = new TreeSet<>();
        ARROWS.forEach((module, others) -> others.stream().filter(other -> CLASSES.stream().filter(areIn("io.softq4j." + module + "."))
                .flatMap(c -> c.getDirectDependenciesFromSelf().stream()).noneMatch(d -> areIn("io.softq4j." + other + ".").test(d.getTargetClass())))
                .forEach(other -> unused.add(module + " to " + other)));
        assertEquals(Set.of(), unused, "arrows nothing uses");
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("io.softq4j.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** Values in a row are told apart by counting commas, and one more breaks every caller: configurations are made by name (Drafts). */
    @Test
    void noConfigurationIsMadeByPosition() throws IOException {
        List<JavaClass> drafted = CLASSES.stream().filter(c -> c.getSimpleName().equals("Draft")).map(c -> c.getEnclosingClass().orElseThrow()).toList();
        assertTrue(drafted.stream().map(JavaClass::getSimpleName).toList().containsAll(List.of("TrainingConfig", "GenerationConfig", "LlamaConfig")));
        List<String> byPosition = new ArrayList<>();
        for (JavaClass caller : CLASSES) {
            caller.getConstructorCallsFromSelf().stream().filter(call -> drafted.contains(call.getTargetOwner())
                    && !caller.equals(call.getTargetOwner())).forEach(call -> byPosition.add(call.getDescription()));
        }
        Pattern written = Pattern.compile("\\bnew (" + drafted.stream().map(JavaClass::getSimpleName).collect(Collectors.joining("|")) + ")\\(");
        for (Path file : sources()) {
            written.matcher(Files.readString(file)).results().forEach(found -> byPosition.add(file + ": " + found.group()));
        }
        assertEquals(List.of(), byPosition);
    }

    /** Tests, notebooks and documentation too. */
    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Launcher.file().getParent())) {
            return files.filter(file -> file.toString().matches(".*\\.(java|ipynb|md)") && !file.toString().contains("/target/")).toList();
        }
    }

    /** Of results, which nobody but their own package makes. */
    @Test
    void constructorsOfManyParametersAreCalledInTheirPackageOnly() {
        List<String> far = new ArrayList<>();
        for (JavaClass caller : CLASSES) {
            caller.getConstructorCallsFromSelf().stream().filter(call -> call.getTarget().getRawParameterTypes().size() > MOST_PARAMETERS
                    && call.getTargetOwner().getPackageName().startsWith("io.softq4j")
                    && !call.getTargetOwner().getPackageName().equals(caller.getPackageName())).forEach(call -> far.add(call.getDescription()));
        }
        assertEquals(List.of(), far);
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        Set<String> silent = CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        CLASSES.stream().filter(c -> c.getSimpleName().equals("package-info")).map(JavaClass::getPackageName).forEach(silent::remove);
        assertEquals(Set.of(), silent, "packages without package-info.java");
    }

    @Test
    void aFenceThatIsCrossedIsSeen() {
        ArchRule fence = noClasses().should().dependOnClassesThat(areTensors());
        assertTrue(assertThrows(AssertionError.class, () -> fence.check(CLASSES)).getMessage().contains("io.softq4j.graph.backend.Engine"));
    }

    /** Of ND4J; DataVec and Arbiter show the Jackson it has shaded, and its common interfaces, to those who extend them, so these may be seen. */
    private static DescribedPredicate<JavaClass> areTensors() {
        return areIn("org.nd4j.").and(DescribedPredicate.not(areIn("org.nd4j.shade."))).and(DescribedPredicate.not(areIn("org.nd4j.common.")));
    }

    private static DescribedPredicate<List<JavaClass>> haveTensors() {
        return DescribedPredicate.describe("have tensors", types -> types.stream().anyMatch(areTensors()));
    }

    private static DescribedPredicate<JavaClass> areOutside(String... modules) {
        DescribedPredicate<JavaClass> inside = DescribedPredicate.alwaysFalse();
        for (String module : modules) {
            inside = inside.or(areIn("io.softq4j." + module + "."));
        }
        return DescribedPredicate.not(inside);
    }

    /** CONTRIBUTING.md: what stands beside another file on a screen is read. The other modules have longer ones still. */
    @Test
    void linesHaveAtMost140Characters() throws IOException {
        Path modules = Launcher.file().resolveSibling("modules");
        List<String> longer = new ArrayList<>();
        for (String module : List.of("common", "config", "graph", "tokens", "chat", "model", "generation", "onnx")) {
            try (Stream<Path> files = Files.walk(modules.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    List<String> lines = Files.readAllLines(file);
                    for (int i = 0; i < lines.size(); i++) {
                        if (lines.get(i).length() > 140) {
                            longer.add(file + ":" + (i + 1) + " has " + lines.get(i).length());
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), longer);
    }

    private static DescribedPredicate<JavaClass> areIn(String prefix) {
        return DescribedPredicate.describe("are in " + prefix, c -> (c.getPackageName() + ".").startsWith(prefix));
    }
}
