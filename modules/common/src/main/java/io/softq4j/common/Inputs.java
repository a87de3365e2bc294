package io.softq4j.common;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * What a command reads, which its output must leave alone. What does not exist is left out: the command itself says that it is missing.
 *
 * @param paths    files and directories; nothing is written into such a directory
 * @param searched directories and patterns, of which a file that appeared within would be read too
 * @param around   directories that hold more than what is read, such as a run: there may be outputs beside it, but nothing of theirs is
 *                 replaced
 */
public record Inputs(List<Path> paths, List<String> searched, List<Path> around) {

    /** Nothing is read. */
    public static final Inputs NONE = new Inputs(List.of(), List.of(), List.of());

    public Inputs {
        paths = List.copyOf(paths);
        searched = List.copyOf(searched);
        around = List.copyOf(around);
    }

    /** A command that reads these. */
    public static Inputs of(Path... paths) {
        return new Inputs(List.of(paths), List.of(), List.of());
    }

    /** And {@code directory}, which holds more than what is read. */
    public Inputs within(Path directory) {
        List<Path> more = new ArrayList<>(around);
        more.add(directory);
        return new Inputs(paths, searched, more);
    }

    /** And what another command reads. */
    public Inputs and(Inputs others) {
        return new Inputs(joined(paths, others.paths), joined(searched, others.searched), joined(around, others.around));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** And this, if there is one. */
    public Inputs and(Optional<Path> path) {
        List<Path> more = new ArrayList<>(paths);
        path.ifPresent(more::add);
        return new Inputs(more, searched, around);
    }

    /** And a corpus: each of {@code specs} is a file, a directory or a pattern. */
    public Inputs andCorpus(Collection<String> specs) {
        List<Path> more = new ArrayList<>(paths);
        List<String> places = new ArrayList<>(searched);
        for (String spec : specs) {
            Optional<Path> path = existing(spec);
            path.ifPresent(more::add);
            if (path.isEmpty() || Files.isDirectory(path.get())) {
                places.add(spec);
            }
        }
        return new Inputs(more, places, around);
    }

    private static Optional<Path> existing(String spec) {
        try {
            return Optional.of(Path.of(spec)).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();    // a pattern
        }
    }

    /** The input that would be lost if {@code target}, a real path, were replaced: the same file by any name, or one that lies within. */
    Optional<Path> lostWith(Path target) {
        return joined(paths, around).stream().filter(Files::exists).filter(input -> isOrContains(target, input)).findFirst();
    }

    /** The directory, if any, that is read and that {@code target} lies in. */
    Optional<Path> reading(Path target) {
        return holding(paths, target);
    }

    /** The same, or one that holds what is read among other things. */
    Optional<Path> owning(Path target) {
        return holding(joined(paths, around), target);
    }

    private static Optional<Path> holding(List<Path> directories, Path target) {
        return directories.stream().filter(Files::isDirectory).filter(input -> isOrContains(input, target)).findFirst();
    }

    /** The directory or pattern, if any, by which a later command would read {@code target} as a corpus. */
    Optional<String> finding(Path target) {
        return searched.stream().filter(spec -> finds(spec, target)).findFirst();
    }

    private static boolean finds(String spec, Path target) {
        Optional<Path> directory = existing(spec);
        if (directory.isPresent()) {
            return isOrContains(directory.get(), target);
        }
        try {
            Path absolute = target.toAbsolutePath().normalize();
            String pattern = spec.startsWith("/") ? spec : Path.of("").toAbsolutePath() + "/" + spec;
            return FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(absolute);
        } catch (PatternSyntaxException e) {
            return false;    // the command says what is wrong with it
        }
    }

    /** Whether {@code inner} or a directory around it is the same file as {@code outer}, whatever they are called. */
    private static boolean isOrContains(Path outer, Path inner) {
        try {
            if (!Files.exists(outer)) {
                return false;
            }
            for (Path at = real(inner); at != null; at = at.getParent()) {
                if (Files.exists(at) && Files.isSameFile(at, outer)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UserError("cannot compare " + outer + " with " + inner + ": " + e.getMessage() + ". Check their permissions.", e);
        }
    }

    private static Path real(Path path) throws IOException {
        Path at = path.toAbsolutePath();
        return Files.exists(at) ? at.toRealPath() : at.normalize();
    }
}
