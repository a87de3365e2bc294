package io.softq4j.data.read;

import io.softq4j.common.UserError;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the files of a corpus. A spec is a file, a directory (every file of a known format below it), a pattern (see {@link Glob}) or
 * {@code -} for standard input.
 * Hidden files and directories are left out unless they are named.
 */
public final class CorpusFiles {

    /** Lies in every directory that preparation made: what it holds is no corpus. */
    private static final String PREPARED = "data-card.json";
    /** Lies in each part of a preparation. */
    private static final String MANIFEST = "manifest.json";

    private static final int SHOWN = 10;
    private static final Logger log = LoggerFactory.getLogger(CorpusFiles.class);

    private CorpusFiles() {
    }

    /**
     * The files of {@code specs}, in their order; those of a directory or pattern by their path, compared character by character, so that
     * the order is the same on every machine. A file that one spec reaches twice is taken once; one that two specs reach is taken twice.
     *
     * @param format of every file, or {@link Format#AUTO} for that of its extension; of a directory, only the files of this format
     * @throws UserError if a spec finds nothing or is a directory that a preparation made, the format of a file is not known, or symbolic links lead
     *                   around in a circle
     */
    public static List<CorpusFile> find(List<String> specs, Format format) {
        List<CorpusFile> all = new ArrayList<>();
        Map<Path, String> before = new HashMap<>();
        for (String spec : specs) {
            List<CorpusFile> files = once(find(spec, format), spec);
            for (CorpusFile file : files) {
                String other = before.put(real(file.path()), spec);
                if (other != null) {
                    log.warn("{} is reached by {} and by {}, so its rows are read twice", file.path(), other, spec);
                }
            }
            all.addAll(files);
        }
        return all;
    }

    private static List<CorpusFile> find(String spec, Format format) {
        if (spec.equals(StandardInput.SPEC)) {
            return List.of(StandardInput.file(format));
        }
        Path path = path(spec);
        if (path != null && Files.isDirectory(path)) {
            requireNotPrepared(path);
            return directory(path, spec, format);
        }
        if (path != null && Files.exists(path)) {
            return List.of(file(path, path.getFileName().toString(), format));
        }
        if (path != null && Files.isSymbolicLink(path)) {
            throw brokenLink(path);
        }
        if (!Glob.isGlob(slashes(spec))) {
            throw nothing(spec, "there is no file or directory " + spec);
        }
        return glob(spec, format);
    }

    private static List<CorpusFile> directory(Path directory, String spec, Format format) {
        TreeMap<String, Path> known = new TreeMap<>();
        List<String> passedOver = new ArrayList<>();
        Map<Format, Integer> formats = new TreeMap<>();
        walk(directory, Integer.MAX_VALUE, true).forEach((name, path) -> {
            Format of = Format.known(path).orElse(null);
            if (of == null || format != Format.AUTO && of != format) {
                passedOver.add(name);
            } else {
                known.put(name, path);
                formats.merge(of, 1, Integer::sum);
            }
        });
        String wanted = format == Format.AUTO ? "a known format (" + Format.extensionsKnown() + ")" : "format " + format.key();
        if (!passedOver.isEmpty()) {
            log.info("{}: passed over {} that {} not of {}: {}", spec, files(passedOver.size()), passedOver.size() == 1 ? "is" : "are", wanted,
                    first(passedOver));
        }
        if (formats.size() > 1) {
            log.warn("{} holds files of several formats, all of which are read: {}. Set data.format or give a pattern such as {}/**/*.jsonl to read some of them",
                    spec, formats.entrySet().stream().map(e -> e.getValue() + " " + e.getKey().key()).collect(Collectors.joining(", ")), spec);
        }
        if (known.isEmpty()) {
            throw nothing(spec, "there is no file of " + wanted + " below " + spec);
        }
        return known.entrySet().stream().map(e -> file(e.getValue(), e.getKey(), format)).toList();
    }

    /** Its JSON files would be read as rows otherwise. */
    private static void requireNotPrepared(Path directory) {
        Path whole = directory.toAbsolutePath().normalize();
        boolean part = Files.exists(whole.resolve(MANIFEST)) && Files.exists(whole.resolveSibling(PREPARED));
        if (!part && !Files.exists(directory.resolve(PREPARED))) {
            return;
        }
        Path prepared = part ? whole.getParent() : directory;
        throw new UserError(directory + " is not a corpus: softq prepare made it, and its rows are tokens already. Train on it as it is, alone or with other "
                + "preparations, by softq train --data " + prepared + ":WEIGHT; or name the files that it was made of, which " + prepared.resolve(PREPARED)
                + " lists");
    }

    private static List<CorpusFile> glob(String spec, Format format) {
        String pattern = slashes(spec);
        String base = Glob.directory(pattern);
        Glob glob = new Glob(pattern.substring(base.length()));
        Path directory = Path.of(base);
        if (!Files.isDirectory(directory)) {
            throw nothing(spec, "there is no directory " + base + " of the pattern " + spec);
        }
        List<CorpusFile> files = new ArrayList<>();
        walk(directory, glob.depth(), false).forEach((name, path) -> {
            if (glob.matches(name)) {
                files.add(file(path, name, format));
            }
        });
        if (files.isEmpty()) {
            throw nothing(spec, "no file matches the pattern " + spec);
        }
        return files;
    }

    /** The files below {@code root} by their paths from it, with slashes, in order. */
    private static TreeMap<String, Path> walk(Path root, int depth, boolean withoutHidden) {
        TreeMap<String, Path> files = new TreeMap<>();
        try {
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean skipped = !directory.equals(root) && (withoutHidden && hidden(directory) || Files.exists(directory.resolve(PREPARED)));
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (withoutHidden && hidden(file)) {
                        return FileVisitResult.CONTINUE;
                    }
                    if (attributes.isSymbolicLink() && Format.known(file).isPresent()) {
                        throw brokenLink(file);
                    }
                    if (attributes.isRegularFile()) {
                        files.put(slashes(root.relativize(file).toString()), file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    if (e instanceof FileSystemLoopException) {
                        throw new UserError("the symbolic link " + file + " leads back to a directory that it lies in, so there is no end below "
                                + root + ". Remove the link, or name the files by a pattern that does not go through it", e);
                    }
                    throw new UserError("cannot read " + file + ": " + e, e);
                }
            });
        } catch (IOException e) {
            throw new UserError("cannot read " + root + ": " + e, e);
        }
        return files;
    }

    private static List<CorpusFile> once(List<CorpusFile> files, String spec) {
        Map<Path, CorpusFile> seen = new HashMap<>();
        List<CorpusFile> once = new ArrayList<>();
        for (CorpusFile file : files) {
            CorpusFile other = seen.putIfAbsent(real(file.path()), file);
            if (other == null) {
                once.add(file);
            } else {
                log.warn("{}: {} and {} are the same file, which is read once", spec, other.name(), file.name());
            }
        }
        return once;
    }

    private static CorpusFile file(Path path, String name, Format format) {
        return new CorpusFile(path, name, format == Format.AUTO ? Format.of(path) : format);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UserError("cannot read " + path + ": " + e, e);
        }
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static UserError brokenLink(Path link) {
        String target;
        try {
            target = Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            target = "a place that cannot be read";
        }
        return new UserError(link + " is a symbolic link to " + target + ", which does not exist. Fetch that file, or remove the link");
    }

    /** Null for what cannot be a path, as a pattern on Windows. */
    private static Path path(String spec) {
        try {
            return Path.of(spec);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String slashes(String path) {
        return File.separatorChar == '/' ? path : path.replace(File.separatorChar, '/');
    }

    private static UserError nothing(String spec, String what) {
        return new UserError(what + ". The current directory is " + Path.of("").toAbsolutePath() + "; " + whatLiesThere(spec));
    }

    /** In the innermost directory of {@code spec} that there is. */
    private static String whatLiesThere(String spec) {
        String pattern = slashes(spec);
        Path directory = Path.of(Glob.isGlob(pattern) ? Glob.directory(pattern) : spec);
        while (directory != null && !Files.isDirectory(directory)) {
            directory = directory.getParent();
        }
        Path there = directory == null ? Path.of("") : directory;
        String name = there.toString().isEmpty() ? "there" : "in " + there;
        try (Stream<Path> list = Files.list(there)) {
            List<String> names = list.map(path -> path.getFileName() + (Files.isDirectory(path) ? "/" : "")).sorted().toList();
            return name + (names.isEmpty() ? " lies nothing" : " lie " + first(names));
        } catch (IOException e) {
            return name + " nothing can be read";
        }
    }

    private static String first(List<String> names) {
        int more = names.size() - SHOWN;
        return names.stream().limit(SHOWN).collect(Collectors.joining(", ")) + (more > 0 ? " and " + more + " more" : "");
    }

    private static String files(int n) {
        return n == 1 ? "1 file" : n + " files";
    }
}
