package io.softq4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.softq4j.common.AtomicFiles;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What callers may build on: the members of the packages that docs/api.md calls stable are those of docs/api/signatures.txt. */
class ApiTest {

    private static final String UPDATE = "softq.api.update";
    private static final Path DOCS = Launcher.file().resolveSibling("docs");
    private static final Path SIGNATURES = DOCS.resolve("api/signatures.txt");
    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.softq4j");

    @Test
    void membersOfStablePackagesAreThoseThatWereAgreedOn() throws Exception {
        String now = signatures(stablePackages());
        if (Boolean.getBoolean(UPDATE)) {
            Files.createDirectories(SIGNATURES.getParent());
            AtomicFiles.writeString(SIGNATURES, now);
        }
        Set<String> agreed = qualified(Files.readString(SIGNATURES));
        Set<String> found = qualified(now);
        Set<String> gone = minus(agreed, found);
        Set<String> more = minus(found, agreed);
        assertTrue(gone.isEmpty() && more.isEmpty(), () -> "The public members of stable packages (docs/api.md) have changed.\n"
                + "Gone or changed, which breaks callers: write it into CHANGELOG.md.\n" + text(gone) + "New:\n" + text(more)
                + "Then write " + SIGNATURES + " anew: mvn test -pl modules/cli -am -Dtest=ApiTest -Dsurefire.failIfNoSpecifiedTests=false "
                + "-D" + UPDATE + "=true");
    }

    @Test
    void everyPackageHasARowAndEveryRowItsPackage() throws IOException {
        Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).map(name -> name.replaceFirst("^io\\.softq4j\\.", ""))
                .filter(name -> !name.matches("(cli|notebooks|benchmark)(\\..*)?")).collect(Collectors.toCollection(TreeSet::new));
        Set<String> rows = new TreeSet<>();
        rows().values().forEach(rows::addAll);
        rows.removeAll(Set.of("cli", "notebooks", "benchmark"));
        assertEquals(packages, rows, "the table of docs/api.md against the packages there are");
    }

    @Test
    void mainClassesOfStablePackagesExist() throws IOException {
        Set<String> names = CLASSES.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
        for (String line : Files.readAllLines(DOCS.resolve("api.md"))) {
            if (line.endsWith("| stable |")) {
                Matcher named = Pattern.compile("`([A-Z]\\w+)`").matcher(line);
                while (named.find()) {
                    assertTrue(names.contains(named.group(1)), line);
                }
            }
        }
    }

    @Test
    void aRemovedAMovedAndAChangedMemberIsFound() throws Exception {
        String all = signatures(Set.of("common"));
        String lost = all.lines().filter(line -> line.contains("writeString(")).findFirst().orElseThrow();
        Set<String> gone = minus(qualified(all), qualified(all.replace(lost + "\n", "")));
        assertFalse(gone.isEmpty());
        assertTrue(gone.iterator().next().contains("AtomicFiles"), gone.toString());
    }

    private static Set<String> stablePackages() throws IOException {
        return new TreeSet<>(rows().get("stable"));
    }

    /** The packages of the table by what they are. */
    private static TreeMap<String, List<String>> rows() throws IOException {
        TreeMap<String, List<String>> rows = new TreeMap<>();
        for (String line : Files.readAllLines(DOCS.resolve("api.md"))) {
            String[] cells = line.split("\\s*\\|\\s*");
            if (line.startsWith("| `") && cells.length == 4) {
                Matcher names = Pattern.compile("`([a-z0-9.]+)`").matcher(cells[1]);
                while (names.find()) {
                    rows.computeIfAbsent(cells[3], key -> new ArrayList<>()).add(names.group(1));
                }
            }
        }
        return rows;
    }

    /** A paragraph for each public class, its members indented. */
    private static String signatures(Set<String> packages) throws ClassNotFoundException {
        StringBuilder text = new StringBuilder();
        for (String name : CLASSES.stream().map(JavaClass::getName).sorted().toList()) {
            Class<?> type = Class.forName(name, false, ApiTest.class.getClassLoader());
            if (packages.contains(type.getPackageName().replaceFirst("^io\\.softq4j\\.", "")) && isOpen(type)) {
                text.append(head(type)).append('\n');
                members(type).stream().sorted().forEach(member -> text.append("    ").append(member).append('\n'));
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static boolean isOpen(Class<?> type) {
        return isOpen(type.getModifiers()) && (type.getDeclaringClass() == null || isOpen(type.getDeclaringClass()))
                && !type.isAnonymousClass() && !type.isSynthetic();
    }

    private static boolean isOpen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String head(Class<?> type) {
        Stream<Type> above = Stream.concat(Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()));
        String parents = above.map(Type::getTypeName).filter(name -> !name.equals("java.lang.Object")).collect(Collectors.joining(", "));
        return shorten(type.toGenericString() + (parents.isEmpty() ? "" : " : " + parents));
    }

    private static List<String> members(Class<?> type) {
        List<String> members = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (isOpen(field.getModifiers()) && !field.isSynthetic()) {
                members.add(shorten(field.toGenericString().replace(type.getName() + ".", "")));
            }
        }
        Stream<Executable> executables = Stream.concat(Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()));
        executables.filter(member -> isOpen(member.getModifiers()) && !member.isSynthetic() && !ofObject(member)).forEach(member -> {
            String name = member instanceof Constructor<?> ? type.getName() : type.getName() + "." + member.getName();
            String own = member instanceof Constructor<?> ? "new" : member.getName();
            members.add(shorten(member.toGenericString().replace(name + "(", own + "(")));
        });
        return members;
    }

    private static boolean ofObject(Executable member) {
        return member instanceof Method && Set.of("equals", "hashCode", "toString").contains(member.getName());
    }

    private static String shorten(String text) {
        return text.replace("java.lang.", "").replace("java.util.", "").replace("java.nio.file.", "");
    }

    /** Every member with the head of its class, so that equal members of two classes are two. */
    private static Set<String> qualified(String text) {
        Set<String> lines = new LinkedHashSet<>();
        String head = "";
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            if (line.startsWith(" ")) {
                lines.add(head + "  " + line.strip());
            } else {
                head = line.replaceFirst(" : .*", "");
                lines.add(line);
            }
        }
        return lines;
    }

    private static Set<String> minus(Set<String> all, Set<String> less) {
        Set<String> rest = new LinkedHashSet<>(all);
        rest.removeAll(less);
        return rest;
    }

    private static String text(Set<String> lines) {
        return lines.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
    }
}
