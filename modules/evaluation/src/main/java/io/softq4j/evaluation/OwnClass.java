package io.softq4j.evaluation;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A class of the user's that {@code evaluation.metrics} or {@code evaluation.task} may name.
 *
 * @param name    with its package, as it is written there
 * @param kind    what it is
 * @param where   the jar or directory
 * @param trouble why it cannot be used; empty if it can
 */
public record OwnClass(String name, Kind kind, String where, String trouble) {

    /** What a class may be. */
    public enum Kind {
        /** A {@link io.softq4j.evaluation.Metric}. */
        METRIC(Metric.class),
        /** A {@link io.softq4j.evaluation.Task}. */
        TASK(Task.class);

        private final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }
    }

    private static final String CLASS = ".class";

    /**
     * The metrics and tasks in jars and directories. Classes are looked at without running any code of theirs.
     *
     * @param path as {@code SOFTQ_PLUGINS} has it, with the separator of class paths in between, a directory with {@code /*} for its jars; null or empty is
     *             none. What cannot be read is passed over, as the JVM does, and told by {@link #unreadable}
     */
    public static List<OwnClass> in(String path) {
        List<OwnClass> found = new ArrayList<>();
        for (String entry : entries(path)) {
            try {
                classes(Path.of(entry)).forEach(name -> look(name, entry, found));
            } catch (IOException | UncheckedIOException | InvalidPathException e) {
                continue;    // the JVM passes over it as well; unreadable() says so
            }
        }
        found.sort(Comparator.comparing(OwnClass::name));
        return found;
    }

    /**
     * The entries of {@code SOFTQ_PLUGINS} that give no classes.
     *
     * @param path as in {@link #in}
     * @return each with why, "own.jar: there is no such file"
     */
    public static List<String> unreadable(String path) {
        List<String> told = new ArrayList<>();
        for (String entry : entries(path)) {
            try {
                if (classes(Path.of(entry)).isEmpty()) {
                    told.add(entry + ": no class is in it" + (Files.isDirectory(Path.of(entry)) ? "; jars in a directory are named one by one, or "
                            + Path.of(entry, "*") + " for all" : ""));
                }
            } catch (NoSuchFileException e) {
                told.add(entry + ": there is no such file");
            } catch (IOException | UncheckedIOException | InvalidPathException e) {
                told.add(entry + ": cannot be read as a jar (" + e.getMessage() + ")");
            }
        }
        return told;
    }

    private static List<String> entries(String path) {
        List<String> entries = new ArrayList<>();
        for (String entry : path == null ? new String[0] : path.split(File.pathSeparator)) {
            if (entry.equals("*") || entry.endsWith(File.separator + "*") || entry.endsWith("/*")) {
                entries.addAll(jars(entry));
            } else if (!entry.isBlank()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** The jars of a directory, as the JVM takes DIR/*; the entry itself if there is none. */
    private static List<String> jars(String entry) {
        String directory = entry.length() == 1 ? "." : entry.substring(0, entry.length() - 2);
        try (Stream<Path> files = Files.list(Path.of(directory.isEmpty() ? "/" : directory))) {
            List<String> jars = files.map(Path::toString).filter(file -> file.endsWith(".jar") || file.endsWith(".JAR")).sorted().toList();
            return jars.isEmpty() ? List.of(entry) : jars;
        } catch (IOException | InvalidPathException e) {
            return List.of(entry);
        }
    }

    private static void look(String name, String where, List<OwnClass> found) {
        try {
            Class<?> type = Class.forName(name, false, OwnClasses.loader());
            for (Kind kind : Kind.values()) {
                if (kind.type.isAssignableFrom(type) && !type.isInterface() && !Modifier.isAbstract(type.getModifiers())) {
                    found.add(new OwnClass(name, kind, where, usable(type) ? "" : "needs to be public, with a public constructor without parameters"));
                }
            }
        } catch (ClassNotFoundException | LinkageError e) {
            // a class whose own libraries are absent is none of ours to judge, unless somebody names it
            return;
        }
    }

    private static boolean usable(Class<?> type) {
        try {
            return Modifier.isPublic(type.getModifiers()) && Modifier.isPublic(type.getConstructor().getModifiers());
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    private static List<String> classes(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.walk(entry)) {
                return names(files.map(file -> entry.relativize(file).toString()).toList());
            }
        }
        if (!Files.isRegularFile(entry)) {
            throw new NoSuchFileException(entry.toString());
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return names(jar.stream().map(file -> file.getName()).toList());
        }
    }

    private static List<String> names(List<String> files) {
        return files.stream().filter(file -> file.endsWith(CLASS) && !file.endsWith("-info.class") && !file.startsWith("META-INF"))
                .map(file -> file.substring(0, file.length() - CLASS.length()).replace(File.separatorChar, '.').replace('/', '.')).sorted().toList();
    }
}
