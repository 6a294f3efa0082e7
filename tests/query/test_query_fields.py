"""Every field on the shipped story: which events it finds; `?` behind those that it only possibly does."""

from __future__ import annotations

from pathlib import Path

import pytest

import autotimeline
from autotimeline.query.fields import QUERY_FIELDS, QueryField
from autotimeline.query.predicates import exact

STORY = Path(__file__).parent.parent.parent / "facts.toml"
TODAY = "2025-11-22"
ANSWERS = [
    # id and text
    ("id:catl-jv", "catl-jv"),
    ("id:CATL-JV,@leapmotor-deal", "leapmotor-deal catl-jv"),
    ("leapmotor", "leapmotor-deal leapmotor-international leapmotor-zaragoza xin-tianshu-roles leapmotor-million"),
    ("CITROËN", "hedmos-launch brand-ceos-visit citroen-range"),
    ("citroen", "hedmos-launch brand-ceos-visit citroen-range"),
    ("cit-ro", ""),
    ('"asset light"', "asset-light-strategy"),
    ("asset-light", "asset-light-strategy"),
    ("charg", "brand-ceos-visit"),
    ("harging", ""),
    ("text:not", "tavares-remark filosa-takes-office french-brands-peak"),
    ('"closed doors"', "filosa-visit"),
    ("doors-closed", ""),
    ('text:"not building factories"', "tavares-remark"),
    ("title:bankruptcy", "gac-fiat-chrysler-bankruptcy"),
    ("title:dongfeng", "wuhan-capacity"),
    ("text:dongfeng", "hedmos-launch jeep-dongfeng-plan wuhan-capacity"),
    ('"in recent days"', "jeep-dongfeng-plan"),
    ("filosa", "filosa-takes-office filosa-visit imparato-maserati filosa-restructure"),
    # words
    ("kind:joint-venture", "gac-fiat-chrysler-founded leapmotor-international catl-jv"),
    ('kind:"Joint Venture"', "gac-fiat-chrysler-founded leapmotor-international catl-jv"),
    ("kind:deal,memorandum", "leapmotor-deal pony-memorandum"),
    ("KIND:DEAL", "leapmotor-deal"),
    ("tag:battery", "catl-jv brand-ceos-visit catl-plant-start"),
    ("tag:autonomous-driving", "pony-memorandum pony-vans-europe"),
    ("place:spain", "catl-jv leapmotor-zaragoza catl-plant-start"),
    ('place:"Zaragoza, Spain"', "catl-jv leapmotor-zaragoza catl-plant-start"),
    ("place:zaragoza", "catl-jv leapmotor-zaragoza catl-plant-start"),
    ("place:Paris,Europe", "tavares-remark pony-vans-europe"),
    ("role:venture", "gac-fiat-chrysler-founded leapmotor-international"),
    ("source:other-reporting", "gac-fiat-chrysler-bankruptcy"),
    ('source:"Other Reporting"', "gac-fiat-chrysler-bankruptcy"),
    ("status:planned", "leapmotor-zaragoza pony-vans-europe catl-plant-start wuhan-capacity"),
    ("status:cancelled", ""),
    # actors
    ("actor:catl", "catl-jv catl-plant-start"),
    ("actor:CATL", "catl-jv catl-plant-start"),
    ("actor:Citroën", "brand-ceos-visit citroen-range"),
    ("actor:citroen", "brand-ceos-visit citroen-range"),
    ("actor:tavares", "tavares-remark tavares-departure asset-light-strategy"),
    ("actor:Carlos-Tavares", "tavares-remark tavares-departure asset-light-strategy"),
    ("actor:stellantis@buyer", "leapmotor-deal"),
    ("actor:stellantis@partner", "leapmotor-international catl-jv"),
    ('actor:"Pony.ai"', "pony-memorandum pony-vans-europe"),
    ("actor:Leapmotor-International", "leapmotor-international xin-tianshu-roles"),
    ("group:dongfeng", "hedmos-launch jeep-dongfeng-plan wuhan-capacity"),
    ("group:voyah", "jeep-dongfeng-plan"),
    ("group:dongfeng not actor:dongfeng", ""),
    # figures
    ("metric:stake", "leapmotor-deal leapmotor-international catl-jv"),
    ("metric:investment,debt", "leapmotor-deal gac-fiat-chrysler-bankruptcy catl-jv"),
    ("investment:1bn..", "leapmotor-deal? catl-jv?"),
    ("investment>1bn", "leapmotor-deal? catl-jv?"),
    ("investment:..1bn", "catl-jv?"),
    ("investment:4.1bn", "catl-jv?"),
    ("investment<=1bn", "catl-jv?"),
    ("investment:1.5bnEUR", "leapmotor-deal? catl-jv?"),
    ("investment:1.5bnUSD", ""),
    ("stake:50%", "catl-jv"),
    ("stake:20%..", "leapmotor-deal? leapmotor-international catl-jv"),
    ("stake:>49%", "leapmotor-international catl-jv"),
    ("stake:51%,49%", "leapmotor-international"),
    ("sales:..29k", "french-brands-2025h1 peugeot-408-sales?"),
    ("sales:..29,000", "french-brands-2025h1 peugeot-408-sales?"),
    ("sales:500/month", ""),
    ("sales:6600/year", "peugeot-408-sales?"),
    ("sales:6,000..6,600/year", "peugeot-408-sales?"),
    ("sales:..29,000vehicles", "french-brands-2025h1"),
    ("debt:1bn..", "gac-fiat-chrysler-bankruptcy?"),
    ("output:1m", "leapmotor-million"),
    ("owners:800000", "jeep-repairs"),
    ("models:2", "citroen-range"),
    ("ev-share:..3%", "french-brands-ev-share"),
    ("capacity:50GWh/year", "catl-jv catl-plant-start"),
    ("capacity:>4GWh/month", "catl-jv catl-plant-start"),
    ("capacity:5GWh/month..", ""),
    # dates
    ("date:2023-10", "leapmotor-deal leapmotor-international"),
    ("2023-10", "leapmotor-deal leapmotor-international"),
    ('"October 2023"', "leapmotor-deal leapmotor-international"),
    ("oct-2023", "leapmotor-deal leapmotor-international"),
    ("2023,2026", "leapmotor-deal leapmotor-international leapmotor-zaragoza pony-vans-europe catl-plant-start?"),
    ("date:2024H2", "french-brands-2024 gac-fiat-chrysler-bankruptcy? catl-jv tavares-departure?"),
    ("since:2026", "leapmotor-zaragoza pony-vans-europe catl-plant-start?"),
    ("until:2017", "gac-fiat-chrysler-founded gac-fiat-chrysler-peak"),
    ("until:2011..2017", "gac-fiat-chrysler-founded gac-fiat-chrysler-peak"),
    ("date:last-year title:plans,sales", "french-brands-2024"),
    (
        "era:tavares",
        "gac-fiat-chrysler-founded gac-fiat-chrysler-peak tavares-remark leapmotor-deal "
        "leapmotor-international french-brands-2024 gac-fiat-chrysler-bankruptcy? catl-jv? "
        "french-brands-2025h1? tavares-departure? executive-visits? elkann-visit?",
    ),
    (
        'era:"Filosa era"',
        "gac-fiat-chrysler-bankruptcy? french-brands-2025h1 executive-visits filosa-takes-office? "
        "filosa-visit brand-ceos-visit imparato-maserati? pony-memorandum? jeep-dongfeng-plan? "
        "peugeot-408-sales? citroen-range? french-brands-ev-share? jeep-repairs? filosa-restructure "
        "leapmotor-zaragoza pony-vans-europe catl-plant-start?",
    ),
    (
        "not era:tavares not era:filosa",
        "gac-fiat-chrysler-bankruptcy? catl-jv? tavares-departure? elkann-visit? hedmos-launch "
        "filosa-takes-office? imparato-maserati? pony-memorandum? jeep-dongfeng-plan? peugeot-408-sales? "
        "citroen-range? french-brands-ev-share? jeep-repairs? catl-plant-start?",
    ),
    (
        "date:filosa not until:2025-08",
        "gac-fiat-chrysler-bankruptcy? imparato-maserati? pony-memorandum? jeep-dongfeng-plan? "
        "peugeot-408-sales? citroen-range? french-brands-ev-share? jeep-repairs? filosa-restructure "
        "leapmotor-zaragoza pony-vans-europe catl-plant-start?",
    ),
    ("known:2024", "gac-fiat-chrysler-bankruptcy catl-jv tavares-departure?"),
    ("known:2022", "tavares-remark"),
    (
        "near:@filosa-takes-office/30d",
        "gac-fiat-chrysler-bankruptcy? french-brands-2025h1 executive-visits filosa-takes-office filosa-visit?",
    ),
    ("near:@catl-jv/1m", "french-brands-2024 catl-jv french-brands-2025h1 tavares-departure?"),
    ("around:@catl-jv/1m", "french-brands-2024 catl-jv french-brands-2025h1 tavares-departure?"),
    ("around:2024-12/1m", "french-brands-2024 catl-jv french-brands-2025h1 tavares-departure?"),
    ("@leapmotor-deal", "leapmotor-deal? leapmotor-international?"),
    ("2025-03-25", "french-brands-2025h1 executive-visits hedmos-launch"),
    (
        "since:@catl-jv until:@hedmos-launch",
        "french-brands-2024 gac-fiat-chrysler-bankruptcy? catl-jv? french-brands-2025h1 tavares-departure? "
        "executive-visits elkann-visit hedmos-launch",
    ),
    # links
    ("link:leads-to@catl-plant-start", "catl-jv"),
    ("link:follows-from@catl-jv", "catl-plant-start"),
    ("link:@leapmotor-deal", "leapmotor-international leapmotor-zaragoza"),
    ("link:same-deal", "leapmotor-deal leapmotor-international"),
    ("link:has-part", "executive-visits"),
    ("link:contrasts@tavares-remark", "filosa-restructure"),
    ("link:part-of@executive-visits", "elkann-visit filosa-visit brand-ceos-visit"),
    # states
    ("is:planned", "leapmotor-zaragoza pony-vans-europe catl-plant-start wuhan-capacity"),
    ("is:overdue", ""),
    ("is:upcoming", "leapmotor-zaragoza pony-vans-europe catl-plant-start"),
    ("is:disputed", "gac-fiat-chrysler-bankruptcy"),
    (
        "is:undated",
        "gac-fiat-chrysler-capacity stellantis-merger asset-light-strategy french-brands-peak "
        "xin-tianshu-roles leapmotor-million wuhan-capacity",
    ),
    ("is:unsourced", ""),
    ("not is:single-source", "gac-fiat-chrysler-bankruptcy"),
    (
        "is:approximate",
        "leapmotor-deal tavares-departure imparato-maserati pony-memorandum jeep-dongfeng-plan "
        "peugeot-408-sales citroen-range french-brands-ev-share jeep-repairs french-brands-peak",
    ),
    ("is:quoted", "tavares-remark filosa-restructure leapmotor-zaragoza"),
    ("is:reported", "jeep-dongfeng-plan"),
    # saved
    (":jv", "gac-fiat-chrysler-founded leapmotor-international catl-jv"),
    (":JV not :money", "gac-fiat-chrysler-founded leapmotor-international"),
    (":money", "leapmotor-deal gac-fiat-chrysler-bankruptcy catl-jv"),
    ("not :jv since:2024 is:quoted", "filosa-restructure leapmotor-zaragoza"),
]


@pytest.fixture(scope="module")
def story():
    with_today = autotimeline.open(str(STORY), today=TODAY, cache=False)
    yield with_today
    with_today.close()


def found(selection):
    return " ".join(id + ("?" if match == "possible" else "") for id, match in selection.rows(["id", "match"]))


@pytest.mark.parametrize(("query", "ids"), ANSWERS)
def test_a_query_finds_these_events(story, query, ids):
    assert found(story.select(query)) == ids


@pytest.mark.parametrize(
    ("comparison", "term"),
    [
        ("date>2025-03", "date:after-2025-03"),
        ("date<2023-10", "date:before-2023-10"),
        ("date>=2025-03", "date:2025-03.."),
        ("date<=2023-10", "date:..2023-10"),
        ("date > @catl-jv", "date:after-@catl-jv"),
        ("known>2024", "known:after-2024"),
    ],
)
def test_dates_are_compared_as_figures_are(story, comparison, term):
    answer = found(story.select([comparison]))
    assert answer == found(story.select([term])) != ""


def test_every_field_has_an_example_here():
    asked = {query.lower().removeprefix("not ").partition(":")[0] for query, _ in ANSWERS}
    assert set(QUERY_FIELDS) <= asked


@pytest.mark.parametrize(
    ("today", "overdue", "upcoming"),
    [
        ("2025-11-22", "", "leapmotor-zaragoza pony-vans-europe catl-plant-start"),
        ("2026-12-31", "", "leapmotor-zaragoza pony-vans-europe catl-plant-start"),
        ("2027-01-01", "leapmotor-zaragoza pony-vans-europe catl-plant-start", ""),
    ],
)
def test_a_plan_is_overdue_once_its_latest_possible_start_is_past(today, overdue, upcoming):
    story = autotimeline.open(str(STORY), today=today, cache=False)
    assert found(story.select("is:overdue")) == overdue
    assert found(story.select("is:upcoming")) == upcoming


def test_a_new_field_is_one_entry(story, monkeypatch):
    def long(value, scope):
        return exact("LENGTH(e.title) >= ?", int(value))

    monkeypatch.setitem(QUERY_FIELDS, "long", QueryField(long, "titles of at least that many letters"))
    assert found(story.select("long:90")) == "filosa-visit filosa-restructure"
    assert story.select("not long:90").total() == story.select().total() - 2


@pytest.fixture(scope="module")
def names():
    opened = autotimeline.open(str(Path(__file__).parent / "names.toml"), today=TODAY, cache=False)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        # names: by alias, in Chinese, whatever the accents, hyphens and case
        ("actor:零跑", "deal"),
        ("actor:ling-pao", "deal"),
        ("actor:LING-PÃO", "deal"),
        ("actor:leapmotor@buyer", "deal"),
        ("role:BUYER", "visit deal"),
        ("group:north", "visit deal"),
        ("group:far-south", "deal"),
        # words: each Chinese character, beginnings, phrases, accents, ligatures, punctuation
        ("零", "deal"),
        ("跑与", "deal"),
        ("零与", ""),
        ("与Stell", "deal"),
        ("strasse", "deal"),
        ("CAFE-IN", "deal"),
        ("“café”", "deal"),
        ("text:not", "visit"),
        ("text:or,and", "visit deal"),
        ('"or, not"', "visit"),
        ("1,234", ""),
        ("title:south", ""),
        ("text:south", "visit deal"),
        # what SQL, LIKE, FTS5 and str.format would read otherwise
        ("{must}", "deal"),
        ("{today}", "deal"),
        ("100%", "deal"),
        ("under_score", "deal"),
        ("it's", "deal"),
        ("1%0", ""),
        ("und_r", ""),
        ("l*", "deal plan"),
        ("text:NEAR(a", "deal"),
        ('"a OR b"', "deal"),
        ("title:{title}", ""),
        ("text:-later", "plan"),
        # places by their parts
        ("place:france", "deal"),
        ("place:saint-denis", "deal"),
        ("place:ile-de-france", "deal"),
        ('place:"saint denis, ile de france, france"', "deal"),
        ("tag:joint-venture", "deal"),
        # an era is looked up, however it is called; a bare word that is an era is searched for
        ("era:2024", "visit deal cancelled late? plan?"),
        ("date:2024", "deal cancelled late? plan?"),
        ("in-house", ""),
        ("date:in-house", ""),
        # a plan without a beginning begins when it became known; both claims count of what is disputed
        ("until:2023", "visit late?"),
        ("date:2024-01", "plan?"),
        ("not date:2024-01", "visit deal cancelled late? plan?"),
        ("status:cancelled", "cancelled?"),
        ("not status:cancelled", "visit deal cancelled? late plan words"),
        ("known:..2024", "visit cancelled late plan"),
        ("not known:2025", "visit cancelled late plan"),
        ("not known:2024", ""),
        ("share:50%", "words?"),
        ("not share:5%", "deal cancelled late plan words?"),
        ("head_count:1,234", "visit"),
        ("head_count:1,000..2,000,5k", "visit"),
        (":all", "visit deal"),
        (":nested", "cancelled late? plan?"),
        ("is:overdue", "late?"),
        ("is:upcoming", "plan"),
        ("is:unsourced", "words"),
        ("link:leads-to", "plan"),
    ],
)
def test_what_is_hard_to_ask_for(names, query, ids):
    assert found(names.select([query] if " " not in query else query)) == ids
