"""Writes data/units.csv (its centroids), data/former_units.csv and data/unit_succession.csv.

    cargo xtask units FOLDER_TODAY FOLDER_CHANGES [FOLDER_2024]

FOLDER_TODAY holds the package vietnam-provinces 2025.10.1, FOLDER_CHANGES vietnamadminunits 1.0.4,
FOLDER_2024 (only compared) vietnam-provinces 0.6.0, each unpacked. See data/README.md.
"""

import csv
import json
import re
import sqlite3
import sys
import unicodedata
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent.parent / "data"
LAST_DAY = "2025-06-30"
KINDS = {
    "Tỉnh": "tinh", "Thành phố": "thanh-pho", "Quận": "quan", "Huyện": "huyen", "Thị xã": "thi-xa",
    "Xã": "xa", "Phường": "phuong", "Thị trấn": "thi-tran",
}
TODAY_KINDS = {"tỉnh": "tinh", "thành phố trung ương": "thanh-pho", "xã": "xa", "phường": "phuong", "đặc khu": "dac-khu"}
TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
HEADER = ["code", "name", "kind", "parent", "valid_from", "valid_to"]


def nfc(text):
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    for kind in KINDS:
        if text.lower().startswith(kind.lower() + " "):
            return kind + text[len(kind):]
    return text


def same(name):
    """A key that knows a name whatever vowel its tone mark stands on (Hoà, Hòa)."""
    words = re.split(r"[\s–-]+", re.sub(r"['’]", "", unicodedata.normalize("NFD", name.lower())))
    return " ".join(TONE.sub("", word) + "".join(sorted(TONE.findall(word))) for word in words)


def kind_of(name):
    for word in sorted(KINDS, key=len, reverse=True):
        if name.startswith(word + " "):
            return KINDS[word]
    raise SystemExit(f"no kind in {name!r}")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")


def degrees(number):
    return f"{number:.4f}".rstrip("0")


def main(today, changes, earlier=None):
    database = sqlite3.connect(Path(changes) / "vietnamadminunits/data/dataset.db")
    database.row_factory = sqlite3.Row
    converter = json.loads((Path(changes) / "vietnamadminunits/data/converter_2025.json").read_text("utf-8"))
    communes = database.execute("select * from admin_units").fetchall()
    legacy = database.execute("select * from admin_units_legacy").fetchall()

    codes = write_today(today, communes, trusted_points(converter, legacy))
    keys = {(row["provinceKey"], row["wardKey"]): codes[row["provinceCode"], same(nfc(row["ward"]))] for row in communes}
    wards = write_former(legacy)
    write_succession(converter, keys, wards)
    if earlier:
        compare(earlier, legacy)


def trusted_points(converter, legacy):
    """Middle of the former wards of a commune, where these lie near each other and are not one and the same point."""
    points = {"_".join((row["provinceKey"], row["districtKey"], row["wardKey"] or "")): (row["wardLat"], row["wardLon"]) for row in legacy}
    middles = {}
    for province, towards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, formers in towards.items():
            known = [points[former] for former in formers if points[former][0]]
            spread = max((max(axis) - min(axis) for axis in zip(*known)), default=1)
            if known and len(set(known)) == len(known) and spread < 0.3:
                middles[province, commune] = tuple(sum(axis) / len(known) for axis in zip(*known))
    return middles


def nearer(point, middle):
    """A commune's point that lies far (about 20 km) from all its former wards is a slip: their middle then."""
    far = middle and max(abs(a - b) for a, b in zip(point, middle)) > 0.2
    return middle if far else point


def write_today(today, communes, trusted):
    """Official codes and names from one package, centroids from the other, joined by province and name."""
    centroid = {
        (row["provinceCode"], same(nfc(row["ward"]))): nearer(
            (row["wardLat"], row["wardLon"]), trusted.get((row["provinceKey"], row["wardKey"])))
        for row in communes
    }
    middle = {row["provinceCode"]: (row["provinceLat"], row["provinceLon"]) for row in communes}
    nested = json.loads((Path(today) / "vietnam_provinces/data/nested-divisions.json").read_text("utf-8"))
    rows, codes = [], {}
    for province in nested:
        code = f"{province['code']:02}"
        kind = TODAY_KINDS[province["division_type"]]
        name = nfc(province["name"])
        if kind == "tinh" and not name.startswith("Tỉnh "):
            name = "Tỉnh " + name
        rows.append([code, name, kind, "", "2025-07-01", "", *map(degrees, middle[code])])
        for ward in province["wards"]:
            name = nfc(ward["name"])
            codes[code, same(name)] = f"{ward['code']:05}"
            place = centroid[code, same(name)]
            kind = TODAY_KINDS[ward["division_type"]]
            rows.append([f"{ward['code']:05}", name, kind, code, "2025-07-01", "", *map(degrees, place)])
    write(DATA / "units.csv", [*HEADER, "latitude", "longitude"], sorted(rows, key=lambda row: row[0]))
    return codes


def write_former(legacy):
    """Rows that ended before the last day are kept by hand in the file: this only renews the others."""
    path = DATA / "former_units.csv"
    by_hand = [list(row.values()) for row in read(path) if row["valid_to"] != LAST_DAY] if path.exists() else []
    began = {}
    for row in by_hand:
        following = next_day(row[5])
        if row[0] in {unit["districtCode"] for unit in legacy}:
            began[row[0]] = max(began.get(row[0], ""), following)
    units, wards = {}, {}
    for row in legacy:
        province, district = row["provinceCode"], row["districtCode"]
        units[province] = [province, nfc(row["province"]), kind_of(nfc(row["province"])), ""]
        units[district] = [district, nfc(row["district"]), kind_of(nfc(row["district"])), province]
        last = district
        if row["ward"]:
            last = row["wardCode"]
            units[last] = [last, nfc(row["ward"]), kind_of(nfc(row["ward"])), district]
        wards["_".join((row["provinceKey"], row["districtKey"], row["wardKey"] or ""))] = last
    rows = [[*unit, began.get(unit[0], ""), LAST_DAY] for unit in units.values()]
    rows = sorted(rows + by_hand, key=lambda row: (row[0], row[5]))
    write(path, HEADER, rows)
    print({level: sum(1 for code in units if len(code) == level) for level in (2, 3, 5)})
    return wards


def next_day(day):
    from datetime import date, timedelta
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def write_succession(converter, keys, wards):
    path = DATA / "unit_succession.csv"
    by_hand = [tuple(row.values()) for row in read(path) if row["former_until"] != LAST_DAY] if path.exists() else []
    pairs = set(by_hand)
    for province, towards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, formers in towards.items():
            pairs.update((wards[former], LAST_DAY, keys[province, commune]) for former in formers)
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for former, parts in divided.items():
            pairs.update((wards[former], LAST_DAY, keys[province, part["newWardKey"]]) for part in parts)
    write(path, ["former", "former_until", "code"], sorted(pairs))
    print("former wards without a successor:", sorted(set(wards.values()) - {pair[0] for pair in pairs}))
    print("communes without a predecessor:", sorted(set(keys.values()) - {pair[2] for pair in pairs}))


def compare(earlier, legacy):
    """What the package of 2024 says differently."""
    nested = json.loads((Path(earlier) / "vietnam_provinces/data/nested-divisions.json").read_text("utf-8"))
    old = {}
    for province in nested:
        for district in province["districts"]:
            old[f"{district['code']:03}"] = nfc(district["name"])
            old.update((f"{ward['code']:05}", nfc(ward["name"])) for ward in district["wards"])
    mine = {}
    for row in legacy:
        mine[row["districtCode"]] = nfc(row["district"])
        if row["ward"]:
            mine[row["wardCode"]] = nfc(row["ward"])
    for length, what in ((3, "districts"), (5, "wards")):
        a = {code for code in mine if len(code) == length}
        b = {code for code in old if len(code) == length}
        named = sorted(code for code in a & b if same(mine[code]) != same(old[code]))
        print(f"{what}: {len(a)} here, {len(b)} there, {len(a & b)} codes in both, {len(named)} named otherwise")
        for code in named[:20]:
            print("  ", code, mine[code], "|", old[code])
        print("   only here:", len(a - b), [(code, mine[code]) for code in sorted(a - b)][:12])
        print("   only there:", len(b - a), [(code, old[code]) for code in sorted(b - a)][:12])


if __name__ == "__main__":
    main(*sys.argv[1:])
