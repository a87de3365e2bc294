package io.softq4j.evaluation;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Orders names as a reader would: numbers inside them by value, so that {@code lambda=0.05} comes before {@code lambda=0.1} and {@code run 2} before
 * {@code run 10}.
 */
final class NaturalOrder implements Comparator<String> {

    static final NaturalOrder INSTANCE = new NaturalOrder();

    private static final Pattern PART = Pattern.compile("[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?|[^0-9]+");

    private NaturalOrder() {
    }

    @Override
    public int compare(String a, String b) {
        List<String> left = parts(a);
        List<String> right = parts(b);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = compareParts(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return left.size() != right.size() ? Integer.compare(left.size(), right.size()) : a.compareTo(b);
    }

    private static int compareParts(String a, String b) {
        boolean aNumber = startsWithDigit(a);
        boolean bNumber = startsWithDigit(b);
        if (aNumber && bNumber) {
            return new BigDecimal(a).compareTo(new BigDecimal(b));
        }
        return aNumber == bNumber ? a.compareTo(b) : Boolean.compare(bNumber, aNumber);
    }

    private static boolean startsWithDigit(String part) {
        return part.charAt(0) >= '0' && part.charAt(0) <= '9';
    }

    private static List<String> parts(String name) {
        return PART.matcher(name).results().map(MatchResult::group).toList();
    }
}
