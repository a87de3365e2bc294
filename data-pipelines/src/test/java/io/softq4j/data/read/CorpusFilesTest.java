package io.softq4j.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softq4j.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorpusFilesTest {

    @TempDir
    Path home;

    @Test
    void aFileIsShownByItsName() throws IOException {
        Path file = touch("data/train.jsonl");
        assertEquals(List.of(new CorpusFile(file, "train.jsonl", Format.JSONL)), CorpusFiles.find(List.of(file.toString()), Format.AUTO));
        assertEquals(List.of(new CorpusFile(file, "train.jsonl", Format.TEXT)), CorpusFiles.find(List.of(file.toString()), Format.TEXT));
    }

    @Test
    void aDirectoryIsEveryFileOfAKnownFormatBelowItInOrder() throws IOException {
        for (String name : List.of("b.jsonl", "a/z.csv.gz", "a/y/x.parquet", "a.json", "Z.txt", ".hidden.jsonl", ".git/a.jsonl", "LICENSE", "a/model.bin")) {
            touch(name);
        }
        assertEquals(List.of("Z.txt", "a.json", "a/y/x.parquet", "a/z.csv.gz", "b.jsonl"), names(home.toString(), Format.AUTO));
        assertEquals(List.of("b.jsonl"), names(home.toString(), Format.JSONL));
    }

    @Test
    void specsKeepTheirOrderAndMayNameAFileTwice() throws IOException {
        String b = touch("b.jsonl").toString();
        String a = touch("a.jsonl").toString();
        List<String> names = CorpusFiles.find(List.of(b, a, b), Format.AUTO).stream().map(CorpusFile::name).toList();
        assertEquals(List.of("b.jsonl", "a.jsonl", "b.jsonl"), names);
    }

    @Test
    void aPatternFindsFilesByTheirPathFromItsDirectory() throws IOException {
        for (String name : List.of("x/1.jsonl", "x/2.jsonl.gz", "x/y/3.jsonl", "x/y/z/4.csv", "x/.h/5.jsonl", "x/.6.jsonl", "[7].jsonl", "8.unknown")) {
            touch(name);
        }
        assertEquals(List.of("1.jsonl", "2.jsonl.gz"), names(home + "/x/*.jsonl*", Format.AUTO));
        assertEquals(List.of("1.jsonl", "y/3.jsonl"), names(home + "/x/**/*.jsonl", Format.AUTO));
        assertEquals(List.of("x/y/3.jsonl", "x/y/z/4.csv"), names(home + "/*/y/**/?.{jsonl,csv}", Format.AUTO));
        assertEquals(List.of("x/1.jsonl"), names(home + "/[w-x]/[!23].jsonl", Format.AUTO));
        assertEquals(List.of(".6.jsonl"), names(home + "/x/.*.jsonl", Format.AUTO));
        assertEquals(List.of("[7].jsonl"), names(home + "/[7].jsonl", Format.AUTO));
        assertEquals(List.of("8.unknown"), names(home + "/8.*", Format.JSONL));
        assertTrue(message(home + "/8.*").startsWith("cannot tell the format of " + home + "/8.unknown by its name"));
    }

    @ParameterizedTest
    @CsvSource({"*.a,x.a,true", "*.a,.x.a,false", "*.a,d/x.a,false", "**/x,x,true", "**/x,a/b/x,true", "**/x,.a/x,false", "a/**,a/b/c,true", "a/**,a/.b,false",
        "a**z,abyz,true", "?.a,x.a,true", "?.a,xy.a,false", "[a-c]x,bx,true", "[!a-c]x,bx,false", "[^a]x,bx,true", "[]]x,]x,true", "[a.]x,.x,true",
        "'{a,b}.x',b.x,true", "'{a,{b,c}}.x',c.x,true", "'{*,y}.x',.z.x,false", "\\*,*,true", "\\*,a,false", "a+(b),a+(b),true", "a},a},true", "'a,b?','a,bc',true"})
    void patternsAreThoseOfAShell(String glob, String path, boolean matches) {
        assertEquals(matches, new Glob(glob).matches(path));
    }

    @Test
    void aMalformedPatternIsSaid() {
        assertEquals("the pattern [a is malformed: a [ is never closed. Put a backslash before a character that is meant as it is",
                assertThrows(UserError.class, () -> new Glob("[a")).getMessage());
        assertTrue(assertThrows(UserError.class, () -> new Glob("{a,b")).getMessage().contains("a { is never closed"));
        assertTrue(assertThrows(UserError.class, () -> new Glob("a\\")).getMessage().contains("it ends with a backslash"));
    }

    @Test
    void symbolicLinksToFilesAndDirectoriesAreFollowed() throws IOException {
        Path file = touch("elsewhere/a.jsonl");
        Files.createDirectories(home.resolve("data"));
        Files.createSymbolicLink(home.resolve("data/link.jsonl"), file);
        assertEquals(List.of("link.jsonl"), names(home.resolve("data").toString(), Format.AUTO));
        assertEquals(List.of("link.jsonl"), names(home.resolve("data/link.jsonl").toString(), Format.AUTO));
        Files.createSymbolicLink(home.resolve("data/linked"), home.resolve("elsewhere"));
        assertEquals(List.of("link.jsonl"), names(home.resolve("data").toString(), Format.AUTO), "the same file once");
    }

    @Test
    void linksInACircleAreNamed() throws IOException {
        touch("data/a.jsonl");
        Path loop = Files.createSymbolicLink(home.resolve("data/loop"), home.resolve("data"));
        String expected = "the symbolic link " + loop + " leads back to a directory that it lies in, so there is no end below " + home.resolve("data")
                + ". Remove the link, or name the files by a pattern that does not go through it";
        assertEquals(expected, message(home.resolve("data").toString()));
        assertEquals(expected, message(home + "/data/**/*.jsonl"));
        assertEquals(List.of("a.jsonl"), names(home + "/data/*.jsonl", Format.AUTO));
    }

    @Test
    void aLinkToNothingIsNamed() throws IOException {
        Path link = Files.createSymbolicLink(home.resolve("a.jsonl"), Path.of("gone.jsonl"));
        String expected = link + " is a symbolic link to gone.jsonl, which does not exist. Fetch that file, or remove the link";
        assertEquals(expected, message(home.toString()));
        assertEquals(expected, message(link.toString()));
    }

    @Test
    void whatIsNotFoundIsSaidWithWhatLiesThere() throws IOException {
        Path current = Path.of("").toAbsolutePath();
        assertEquals("there is no file of a known format (" + Format.extensionsKnown() + ") below " + home + ". The current directory is " + current
                + "; in " + home + " lies nothing", message(home.toString()));
        touch("data/train.bin");
        touch("train.json");
        assertEquals("there is no file or directory " + home + "/trian.json. The current directory is " + current + "; in " + home + " lie data/, train.json",
                message(home + "/trian.json"));
        assertEquals("no file matches the pattern " + home + "/data/*.jsonl. The current directory is " + current + "; in " + home.resolve("data")
                + " lie train.bin", message(home + "/data/*.jsonl"));
        assertTrue(message(home + "/none/*.jsonl").startsWith("there is no directory " + home + "/none/ of the pattern " + home + "/none/*.jsonl."));
        for (int i = 0; i < 20; i++) {
            touch("many/" + (char) ('a' + i));
        }
        assertTrue(message(home + "/many").endsWith(" lie a, b, c, d, e, f, g, h, i, j and 10 more"));
        String here = message("no-such-file.jsonl");
        assertTrue(here.startsWith("there is no file or directory no-such-file.jsonl. The current directory is " + current + "; there lie "), here);
        assertFalse(here.contains(home.toString()));
    }

    @Test
    void aPreparationIsNotACorpus() throws IOException {
        touch("corpora/math/data-card.json");
        touch("corpora/math/train/manifest.json");
        touch("corpora/a.jsonl");
        String math = home + "/corpora/math";
        String rest = " is not a corpus: softq prepare made it, and its rows are tokens already. Train on it as it is, alone or with other preparations, by "
                + "softq train --data " + math + ":WEIGHT; or name the files that it was made of, which " + math + "/data-card.json lists";
        assertEquals(math + rest, message(math));
        assertEquals(math + "/train" + rest, message(math + "/train"));
        assertEquals(List.of("a.jsonl"), names(home + "/corpora", Format.AUTO), "one below a corpus is passed over");
        touch("plain/manifest.json");
        assertEquals(List.of("manifest.json"), names(home + "/plain", Format.AUTO));
    }

    private Path touch(String name) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    private static List<String> names(String spec, Format format) {
        return CorpusFiles.find(List.of(spec), format).stream().map(CorpusFile::name).toList();
    }

    private static String message(String spec) {
        return assertThrows(UserError.class, () -> CorpusFiles.find(List.of(spec), Format.AUTO)).getMessage();
    }
}
