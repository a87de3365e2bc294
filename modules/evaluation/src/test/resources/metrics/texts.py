"""The texts of the golden files: texts.json, which the scripts beside it read and the tests too.

    python texts.py

A case is a text and its references, 1 to 5 of them. The first are made by hand, where tools differ; the rest are drawn: a text made of its references
by leaving words out, doubling, swapping, replacing them, so that values spread over the whole range.
"""
import json
import random

LONG = " ".join(f"The {a} {b} of the {c}, which cost ${i},{i:03d}.50, was {d}." for i, (a, b, c, d) in enumerate(
    (a, b, c, d) for a in ("old", "new", "blue") for b in ("house", "river-bank", "idea")
    for c in ("mayor", "children", "company") for d in ("sold", "forgotten")))  # over 600 words

BY_HAND = [
    ("", [""]), ("", ["the cat"]), ("the cat", [""]), (" \t\n", ["a"]), ("the", ["the"]), ("The", ["the"]), ("a", ["an"]), (".", ["."]),
    ("the cat sat on the mat", ["the cat sat on the mat"]),
    ("the cat sat on the mat", ["the cat is on the mat", "there is a cat on the mat", "", "mat", "the the the"]),
    ("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"]),
    ("a b c d", ["a b c", "a b c d e"]), ("a b c d e f", ["a b c d", "a b c d e f g h"]), ("b a", ["a b", "b a"]),
    ("It costs 1,000.50 dollars, i.e. $1,000.50 - or 3-4% more.", ["It costs 1000.50 dollars, i.e. $1,000.50 -- or 3 - 4 % more."]),
    ("In 1999. In 2000, he won", ["In 1999 . In 2000 , he won"]), ("5.", ["5 ."]), ("x.5,y", ["x . 5 , y"]), (",5.", [", 5 ."]),
    ("state-of-the-art co-\noperation re-\n  write", ["state of the art cooperation rewrite", "state-of-the-art co-operation"]),
    ("&quot;Tom &amp; Jerry&quot; &lt;b&gt; &amp;lt; &apos;", ["\"Tom & Jerry\" <b> &lt; '"]), ("a <skipped> b", ["a b"]), ("&", ["&amp;"]),
    ("naïve café — œuvre “quoted” ‘single’ …", ["naive cafe - oeuvre \"quoted\" 'single' ...", "naïve café – œuvre “quoted” ‘single’…"]),
    ("cafe\u0301 nai\u0308ve a\u0301 the\u0301 e\u0301te\u0301", ["caf\u00e9 na\u00efve \u00e1 th\u00e9 \u00e9t\u00e9", "a cafe\u0301 the nai\u0308ve"]),
    ("İstanbul'da ışık ve Iğdır, TITLE Title title", ["istanbul'da IŞIK ve ığdır, tıtle TİTLE title"]),
    ("ΟΔΥΣΣΕΥΣ ΣΑΣ Σ Σ. ΑΣ' ΑΣ-Β", ["οδυσσευς σας σ σ. ας' ας-β"]), ("Straße STRASSE ẞ ﬁn Ǆ", ["strasse straße ß fin ǆ"]), ("K Å", ["k å"]),
    ("我们在2019年去了北京，很好。Hello世界！", ["我们2019年去北京，非常好。hello 世界!", "我们在北京。"]), ("東京都に行く。", ["東京に行った。"]),
    ("نعم، هذا ١٢٣ صحيح؟", ["نعم هذا ١٢٣ صحيح ؟"]), ("यह एक परीक्षा है।", ["यह परीक्षा है ।"]), ("ｆｕｌｌ　ｗｉｄｔｈ１２，３", ["full width 12,3"]),
    ("I 😀 love 👨‍👩‍👧‍👦 and 🇹🇷🇩🇪 ❤️ ☕", ["I love 😀😀 👨‍👩‍👧 and 🇹🇷 ❤ ☕️", "😀"]), ("👍🏽", ["👍"]), ("𝒳𝒴 𐐀", ["𝒳 𝒴 𐐨"]),
    ("tab\tnew\nline\r\nno\u00a0break\u2003em\u3000wide\u200bzero\u2028ls\u0085nel", ["tab new line no break em wide zero ls nel"]),
    ("\x1ca\x1db\x1ec\x1fd e\x0bf\x0cg\x00h\x7f", ["a b c d e f g h"]), ("a\ufeffb\u00adc\u200dd", ["abcd", "a b c d"]), ("  lead and trail  ", ["lead and trail"]),
    ("The first sentence is here.\nThe second one follows it.\n\nAnd a third.", ["And a third.\nThe first sentence was here.\nThe second follows.",
                                                                               "The first\n\n\nsentence is here. The second one follows it."]),
    ("a b c\nb c d\nc d a", ["c d\na b b c\nd a c b a", "\n", "d d d\na"]), ("one\\ntwo<n>three", ["one\ntwo\nthree"]),
    ("(hi) 'tis rock'n'roll -- [a] {b} a_b a|b a~b `c` ^d @e #f %g !", ["(hi ) ' tis rock ' n ' roll - [ a ] b} (hi", "!!! ... (( ))"]),
    ("... --- ???", ["... --- ???"]), ("the a an", ["an a the", "the"]), ("The U.S.A.'s an-the a", ["usas anthe"]), ("cats running happily", ["cat run happy", "cats ran"]),
    ("a_the the_a a1 1the", ["athe thea a1 1the"]), ("½ ² Ⅷ ٣ a½ ½a a² the٣", ["½ ² Ⅷ ٣"]), ("x = y + z × w ÷ 2 ≠ 3 € £ ¥ ₿ © ® ™ °C", ["x=y+z×w÷2≠3 €£¥₿ ©®™ °C"]),
    ("1,000 1.000 1 000 10-20 1/2 3:4 5'6", ["1000 1,000.0 10 - 20 1 / 2 3 : 4"]), ("No.5, Dr. Who's e-mail: a.b@c.de!", ["No. 5 , Dr. Who 's e-mail : a.b@c.de !"]),
    (LONG, [LONG.replace("mayor", "Mayor").replace("old", "ancient")]), (" ".join(LONG.split()[:300]), [" ".join(LONG.split()[40:340]), LONG]),
    ("yyyy skies dying news innings canning proceed spied died agreed plastered hopping falling filing conflated troubled sized sky enjoy",
     ["yyyi sky die new inning can proceeds spy die agree plaster hop fall file conflate trouble size skies enjoyment"]),
    ("word " * 50, ["word"]), ("word", ["word " * 50]), ("A" * 200, ["A" * 100, "a" * 200]),
]

WORDS = ("the a an of to in and is was for on with that it he she they we you not be are this have from by said at his her but or which one had has"
         " were will would about out up there all when can people time year government company market president children school water running ran"
         " quickly happier nationalization relational hopeful adjustable generously flies dies agreed connection connections connected house houses"
         " The In Mr. Dr. U.S. don't it's we'll co-operate twenty-one 1,000 3.14 50% $20 2019 10-12 #1 A/B C++ e.g., i.e., “quote” ‘single’ naïve café"
         " Straße İstanbul ışık 北京 東京都 мир ελληνικά 😀 ❤️ 👍🏽 &amp; &quot; &lt; ... -- ! ? , . ; : ( ) ' \" — … a.b x_y").split()


def drawn(rnd):
    length = rnd.choice([1, 2, 3, 4, 5, 8, 12, 20, 30, 64])
    skew = lambda: WORDS[min(int(rnd.expovariate(1 / 25)), len(WORDS) - 1)]
    joined = lambda words: "".join(w + rnd.choice([" "] * 20 + ["\n", "  ", "\u00a0", ""]) for w in words).strip()
    base = [skew() for _ in range(length)]

    def noisy(amount):
        words = []
        for w in base:
            r = rnd.random()
            if r > amount:
                words.append(w)
            elif r < amount * 0.3:
                words.append(skew())
            elif r < amount * 0.45:
                words += [w, w]
            elif r < amount * 0.6 and words:
                words.insert(rnd.randrange(len(words)), w)
            elif r < amount * 0.7:
                words.append(w.upper() if rnd.random() < 0.5 else w.capitalize())
        return words

    references = [joined(noisy(rnd.random() * 0.6)) for _ in range(rnd.choice([1, 1, 1, 2, 3, 5]))]
    return joined(noisy(rnd.random())), references


if __name__ == "__main__":
    rnd = random.Random(14)
    cases = BY_HAND + [drawn(rnd) for _ in range(400)]
    with open("texts.json", "w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps([text, references], ensure_ascii=True) for text, references in cases) + "\n]\n")
