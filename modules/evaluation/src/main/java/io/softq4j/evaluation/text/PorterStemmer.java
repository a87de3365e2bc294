package io.softq4j.evaluation.text;

import java.util.Map;

/**
 * Porter's stemmer (Porter 1980, "An algorithm for suffix stripping") with NLTK's extensions, as rouge-score uses it: {@code running}
 * becomes {@code run}, {@code happily} becomes {@code happili}. Words are of small letters.
 *
 * <p>Letters: a word is [C](VC)^m[V] with runs of consonants C and of vowels V; m is its measure. y is a vowel after a consonant. *o: the
 * word ends consonant, vowel, consonant, and the last is not w, x or y; of two letters, vowel and consonant do (NLTK's).
 */
final class PorterStemmer {

    private static final Map<String, String> IRREGULAR = Map.ofEntries(Map.entry("sky", "sky"), Map.entry("skies", "sky"),
            Map.entry("dying", "die"),
            Map.entry("lying", "lie"), Map.entry("tying", "tie"), Map.entry("news", "news"), Map.entry("innings", "inning"),
            Map.entry("inning", "inning"), Map.entry("outings", "outing"), Map.entry("outing", "outing"), Map.entry("cannings", "canning"),
            Map.entry("canning", "canning"), Map.entry("howe", "howe"), Map.entry("proceed", "proceed"), Map.entry("exceed", "exceed"),
            Map.entry("succeed", "succeed"));

    /** Of each step, suffixes and what stands in their place; the first that fits decides, whether its condition holds or not. */
    private static final String[][] STEP_2 = {{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
        {"bli", "ble"}, {"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"}, {"ization", "ize"}, {"ation", "ate"},
        {"ator", "ate"},
        {"alism", "al"}, {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"}, {"iviti", "ive"}, {"biliti", "ble"},
        {"fulli", "ful"}, {"logi", "log"}};
    private static final String[][] STEP_3 = {{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""},
        {"ness", ""}};
    private static final String[] STEP_4 = {"al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
            "ism", "ate",
        "iti", "ous", "ive", "ize"};

    private PorterStemmer() {
    }

    static String stem(String word) {
        String irregular = IRREGULAR.get(word);
        if (irregular != null) {
            return irregular;
        }
        return word.length() <= 2 ? word : step5b(step5a(step4(step3(step2(step1c(step1b(step1a(word))))))));
    }

    private static String step1a(String word) {
        if (word.endsWith("ies")) {
            return cut(word, word.length() == 4 ? 1 : 2);
        }
        if (word.endsWith("sses")) {
            return cut(word, 2);
        }
        return word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
    }

    private static String step1b(String word) {
        if (word.endsWith("ied")) {
            return cut(word, word.length() == 4 ? 1 : 2);
        }
        if (word.endsWith("eed")) {
            return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
        }
        int suffix = word.endsWith("ed") && hasVowel(cut(word, 2)) ? 2 : word.endsWith("ing") && hasVowel(cut(word, 3)) ? 3 : 0;
        if (suffix == 0) {
            return word;
        }
        String stem = cut(word, suffix);
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        int last = stem.length() - 1;
        char end = stem.charAt(last);
        if (last > 0 && end == stem.charAt(last - 1) && isConsonant(stem, last)) {
            return end == 'l' || end == 's' || end == 'z' ? stem : cut(stem, 1);
        }
        return measure(stem) == 1 && endsConsonantVowelConsonant(stem) ? stem + "e" : stem;
    }

    private static String step1c(String word) {
        return word.endsWith("y") && word.length() > 2 && isConsonant(word, word.length() - 2) ? cut(word, 1) + "i" : word;
    }

    private static String step2(String word) {
        if (word.endsWith("alli") && measure(cut(word, 4)) > 0) {
            return step2(cut(word, 2));
        }
        for (String[] rule : STEP_2) {
            if (word.endsWith(rule[0])) {
                String stem = cut(word, rule[0].length());
                return measure(rule[0].equals("logi") ? stem + "l" : stem) > 0 ? stem + rule[1] : word;
            }
        }
        return word;
    }

    private static String step3(String word) {
        for (String[] rule : STEP_3) {
            if (word.endsWith(rule[0])) {
                String stem = cut(word, rule[0].length());
                return measure(stem) > 0 ? stem + rule[1] : word;
            }
        }
        return word;
    }

    private static String step4(String word) {
        for (String suffix : STEP_4) {
            if (word.endsWith(suffix)) {
                String stem = cut(word, suffix.length());
                boolean fits = measure(stem) > 1 && (!suffix.equals("ion") || stem.endsWith("s") || stem.endsWith("t"));
                return fits ? stem : word;
            }
        }
        return word;
    }

    private static String step5a(String word) {
        if (!word.endsWith("e")) {
            return word;
        }
        String stem = cut(word, 1);
        int m = measure(stem);
        return m > 1 || m == 1 && !endsConsonantVowelConsonant(stem) ? stem : word;
    }

    private static String step5b(String word) {
        return word.endsWith("ll") && measure(cut(word, 1)) > 1 ? cut(word, 1) : word;
    }

    private static String cut(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }

    private static boolean isVowelLetter(char c) {
        return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
    }

    private static boolean isConsonant(String word, int at) {
        int i = at;
        boolean turned = false;
        while (i > 0 && word.charAt(i) == 'y') {
            turned = !turned;
            i--;
        }
        return isVowelLetter(word.charAt(i)) == turned;
    }

    private static boolean hasVowel(String word) {
        boolean consonant = false;
        for (int i = 0; i < word.length(); i++) {
            consonant = isConsonantAfter(word.charAt(i), i > 0, consonant);
            if (!consonant) {
                return true;
            }
        }
        return false;
    }

    private static int measure(String word) {
        int m = 0;
        boolean consonant = true;
        for (int i = 0; i < word.length(); i++) {
            boolean next = isConsonantAfter(word.charAt(i), i > 0, consonant);
            if (i > 0 && next && !consonant) {
                m++;
            }
            consonant = next;
        }
        return m;
    }

    private static boolean isConsonantAfter(char c, boolean hasBefore, boolean before) {
        return c == 'y' ? !hasBefore || !before : !isVowelLetter(c);
    }

    private static boolean endsConsonantVowelConsonant(String word) {
        int n = word.length();
        if (n == 2) {
            return !isConsonant(word, 0) && isConsonant(word, 1);
        }
        char last = n == 0 ? 0 : word.charAt(n - 1);
        return n >= 3 && isConsonant(word, n - 3) && !isConsonant(word, n - 2) && isConsonant(word, n - 1) && last != 'w' && last != 'x'
                && last != 'y';
    }
}
