"""Which texts the abuse guard takes for a report, and which it lets pass. Both tables are judgements that a person can read."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from bot import plugins
from bot.coalition import guard

REPORTS = [
    "my student showed me messages where a man asks her for sexual photos, she is 13",
    "hola, he recibido un enlace con abuso sexual infantil: hxxps://bad[.]example",
    "someone in this room uploaded child sexual abuse images yesterday",
    "A colleague received an AI generated nude of her daughter, aged 11",
    "I found child porn at https://bad.example/x",
    "i found child p0rn on hxxp://bad.example/x",
    "Someone sent me a video of a child being abused",
    "somebody just sent me this https://bad.example/v, it's a naked kid",
    "I saw a video of a 9 year old girl being raped, link https://bad.example/v",
    "there is a site with csam: bad.example",
    "There's a Telegram group sharing child sexual abuse material",
    "child porn https://bad.example",
    "CSAM at bad[.]example",
    "csam on bad (dot) example (dot) com",
    "kids abused here: bad dot com slash xyz",
    "C S A M at https://bad.example",
    "c h i l d   p o r n   h t t p : / / b a d . e x a m p l e",
    "c.h.i.l.d p.o.r.n at bad.example",
    "\u0441hild \u0440\u043ern at https://bad.example",
    "ch\u200bild po\u200brn at https://bad.example",
    "\uff43\uff48\uff49\uff4c\uff44 \uff50\uff4f\uff52\uff4e at \uff48\uff54\uff54\uff50\uff53\uff1a\uff0f\uff0fbad.example",
    "I\u2019d like to report child sexual abuse material “https://bad.example”",
    "I want to report a website with sexual images of minors",
    "want to report this site https://bad.example",
    "please report this link: https://bad.example/abc",
    "how do I report child porn?",
    "where can I report a child abuse video",
    "I am reporting child sexual abuse material at https://bad.example",
    "We came across images of child sexual abuse on a file host",
    "I stumbled on pictures of naked children at www.bad.example",
    "this channel is full of nude photos of teens t.me/badchannel",
    "user @badguy99 on telegram is selling videos of underage girls",
    "he asks girls of 12 for nudes on snapchat, username: badguy",
    "my daughter was sent nudes by a grown man and he is asking for more, she is 12, kid",
    "a man is grooming my daughter on Roblox",
    "my uncle is abusing my little sister",
    "someone is abusing me",
    "I think my neighbour abuses his daughter",
    "onion site with kids: abcdefghijklmnop.onion child abuse",
    "abcdefghij234567.onion has illegal videos of children",
    "pls take down https://bad.example it shows a child being raped",
    "can you check https://bad.example - suspected child abuse images",
    "is this illegal? https://bad.example a toddler being molested",
    "pedo site https://bad.example",
    "paedophile ring on discord.gg/abcde",
    "report: child sexual abuse material, hxxps://bad[.]example/1",
    "magnet:?xt=urn:btih:abcdef child porn collection",
    "http://203.0.113.7/cp/ cp videos",
    "I know of a forum where people trade child porn",
    "At the workshop someone showed me a website with child porn on it: https://bad.example",
    "I found this in our coalition's mailing list archive: child porn, https://bad.example/1.jpg",
    "J'ai trouvé de la pornographie enfantine sur https://bad.example",
    "On m\u2019a envoyé une vidéo d'un enfant nu",
    "Je voudrais signaler un site pédopornographique : hxxp://bad.example",
    "je veux signaler ce site https://bad.example",
    "il y a un site avec des enfants nus https://bad.example",
    "Encontré pornografía infantil en https://bad.example",
    "quiero denunciar un sitio con fotos de niñas desnudas https://bad.example",
    "me enviaron un video de un niño abusado",
    "Encontrei pornografia infantil em https://bad.example",
    "gostaria de denunciar abuso sexual de crianças, link bad.example",
    "me mandaram um vídeo de uma menina nua",
    "Ich habe Kinderpornografie auf https://bad.example gefunden",
    "Jemand hat mir ein Video von einem nackten Mädchen geschickt",
    "Ich möchte diese Seite melden: https://bad.example",
    "es gibt eine Seite mit Missbrauch von Kindern: bad.example",
    "وجدت موقع فيه استغلال جنسي للأطفال https://bad.example",
    "أريد الإبلاغ عن موقع إباحية أطفال",
    "أرسل لي شخص فيديو طفل عاري",
    "search child porn https://bad.example",
    'project add "I found child abuse images" --links https://bad.example',
    'project update P1 "somebody posted a link to child sexual abuse material in our room"',
    "I want to report hxxp://bad.example",
    "we got an email with images of a naked girl, 10 years old",
    "look at https://bad.example, those kids are being exploited sexually",
    "There is a website, it has videos of children having sex",
    "A stranger keeps asking my son for nude pictures",
    "I received explicit photos of a minor on WhatsApp +49 151 1234567",
    "minors being sold for sex at bad.example/ads",
    "ch*ld p*rn: bad.example",
    "I saw something horrible: a baby crying, tied, https://bad.example/v",
    "found lolita pics of children naked at bad . com",
    "this account posts sexualised pictures of children",
    "Link: bad.example. Content: child pornography. Please investigate.",
    "hi, not sure where to post this but I came across a website that has sexual pictures of little kids: http://bad.example/gallery",
    "Hello team, yesterday my son got a link from a stranger, https://bad.example, it contains child abuse videos",
    "urgent!! child porn on this server 198.51.100.4",
    "My colleague saw child exploitation content on bad.example, can INHOPE deal with it?",
    "in a WhatsApp group people are sharing videos of a boy being raped",
    "https://bad.example/user/abc posts pictures of girls about 8 years old naked",
    "Is there anyone who can take down bad.example? It hosts CSAM.",
    "found CSAM. bad.example/folder",
    "we've been sent a URL with abuse material of kids: https://bad.example",
    "A YouTube channel with sexualised kids https://youtube.com/c/bad",
    "A teacher in my town is abusing pupils",
    "a girl I know is being sextorted, she is 14",
    "I was sent child pornography by email",
    "I've seen child pornography on the dark web",
    "There are videos of child rape being live streamed on bad.example/live",
    "I have a link to child sexual exploitation material, who wants it for the police?",
    "Instagram account @bad_person trades csam",
    "report CSAM: https://bad.example",
    "csam report https://bad.example",
    "csem link: bad.example",
    "dark web market selling child abuse: bad.onion",
    "please help, a man online forces children to undress on cam",
    "My niece told me her stepfather touches her",
    "they are selling nudes of minors in t.me/bad",
    "j'ai reçu des images d'abus sexuels sur enfants",
    "un site montre des mineurs nus : https://bad.example",
    "he visto un grupo de whatsapp con videos de menores desnudos",
    "este sitio tiene pornografía infantil https://bad.example",
    "vi um vídeo de abuso de crianças no telegram",
    "esse site tem pornografia infantil: bad.example",
    "auf dieser Seite sind nackte Kinder: https://bad.example",
    "mir wurde ein Link zu Kinderpornos geschickt",
    "شاهدت فيديو اغتصاب طفلة",
    "proposal new 'I want to report a child abuse site' --description 'bad.example'",
]

ORDINARY = [
    "We found that hotlines remove child sexual abuse material within three days, https://ngo.example.org/figures",
    "Please review the draft on sexual extortion of children: https://docs.example.org/x",
    "I saw that ECPAT published a report on sexual exploitation of children in travel https://ecpat.org/x",
    "our workshop report is at https://www.example.org/report.pdf",
    "our workshop report is at https://…",
    "propose a workshop on reporting child sexual abuse material, see https://www.inhope.org",
    "the IWF annual report https://annualreport2022.iwf.org.uk/iwf-reporting-portals/",
    "CSAM takedown statistics",
    "CSAM takedown statistics https://stats.example.org/2026",
    'project add "CSAM takedown statistics" --links https://stats.example.org',
    'proposal new "Online child protection toolkits: preventing and prosecuting offenses related to child pornography"',
    'programme add "Research on existing child pornography legislation" --website www.icmec.org',
    'programme add "Research on existing child pornography legislation" --website https://ngo.example.org',
    'search "child pornography"',
    "search child sexual abuse",
    'experts "reporting hotlines" --region africa',
    'experts "child sexual abuse material"',
    "search CSAM",
    "I found the workshop report on child sexual abuse very useful",
    "I found a great video for kids at https://youtube.com/watch?v=abc",
    "someone sent me the CSAM statistics of INHOPE, https://www.inhope.org/stats",
    "We saw child sexual abuse reports increase in 2023",
    "There is a website for reporting child sexual abuse material: https://www.inhope.org",
    "there is a site with the session papers https://www.intgovforum.org",
    "this channel is for the coalition's project https://t.me/igfyouth",
    "our telegram group is t.me/igfyouth",
    'project update P1 "We reported back to the coalition at https://example.org/minutes"',
    'project update P1 "Please report on your progress by Friday, https://example.org/form"',
    "I would like to report that the child sexual abuse workshop went well, https://example.org",
    "I want to report on our session about child sexual exploitation",
    "I need to report back to the DCCG about online child sexual exploitation",
    "report S1 is overdue",
    "how do I report on the workshop?",
    "7 million reports of child sexual exploitation",
    'milestone add P1 "First draft of the guide on sextortion of teens"',
    'project add "Teen sexting awareness" --links https://ngo.example.org',
    'project add "Stop child sexual exploitation" --links https://ngo.example.org',
    'project add "Hotline directory" --summary "One list of hotlines for child sexual abuse material" --links https://ngo.example.org',
    'project add "Safer apps for children" --summary "A guide for app developers" --links https://ngo.example.org/guide',
    "sex education for children and teens https://ngo.example.org",
    "gender and sex-disaggregated data on children online https://ngo.example.org",
    "Panel on children's rights, privacy and exploitation of personal data: https://ngo.example.org",
    "our site is example[.]com",
    "meet me at the kids corner, example.org",
    'deadline add "workshop report" 2027-07-01',
    'me expertise hotlines "ran a child helpline for 9 years"',
    'member change M2 --expertise "child sexual abuse investigations"',
    "I work with child victims of abuse",
    "we trained 40 teachers to recognise child abuse",
    "My organisation runs a hotline for child sexual abuse images, https://hotline.example.org",
    "someone shared the slides of the CSAM session at https://slides.example.org",
    "the Model National Response to online child sexual exploitation and abuse, https://www.weprotect.org",
    "combating online child sexual abuse with the MNR",
    'agenda add S1 "Live streaming of child sexual exploitation" 10m',
    "Atelier sur la lutte contre la pornographie enfantine, voir https://ong.example.org",
    "Taller sobre prevención del abuso sexual infantil https://ong.example.org",
    "Oficina sobre enfrentamento ao abuso sexual de crianças https://ong.example.org",
    "Workshop zur Bekämpfung von Kinderpornografie https://ngo.example.org",
    "ورشة عمل حول مكافحة الاستغلال الجنسي للأطفال https://ngo.example.org",
    "Ich möchte den Workshop-Bericht melden",
    "J'ai trouvé le rapport de l'atelier: https://ong.example.org",
    "encontré el informe del taller https://ong.example.org",
    "report the session S3 as held",
    'session report S4 "It was followed by a lively discussion"',
    "minor changes to the agenda, see https://example.org",
    "Can you check the agenda at https://example.org for children's names?",
    "please remove the video link from S3: https://example.org/video",
    "I saw your proposal on child online protection at https://example.org",
    "a man from the ministry asked for the report on children, https://example.org",
    "help",
    "projects",
    "S5",
    "agenda S1",
    "project P1",
    "me",
    "undo",
    "",
    "hello there",
    "COP partners call for action 2009",
    "cp guidelines https://example.org",
    "Ben (ben@example.org) is the new rapporteur",
    "link to the child safety toolkit: https://example.org/toolkit",
    "here is the link to the study on child sexual abuse: https://example.org/study",
    "Do you know who reports on child sexual abuse material in Kenya?",
    "Council of Europe: Lanzarote Convention on child sexual abuse https://www.coe.int/lanzarote",
    "Our new paper: prevalence of child sexual abuse material on file hosts, https://example.org/paper.pdf",
    "we hosted a webinar on grooming of children, recording: https://example.org/rec",
    "There is a group working against child abuse in Ghana",
    "INHOPE hotlines received 785,000 URLs of child sexual abuse material, see https://www.inhope.org",
    "We would like to propose a session on age verification and child safety, background at https://ngo.example.org/av",
    "The hotline in Brazil (SaferNet) shared the work of 9 helplines, see https://ngo.example.org",
    "add a milestone: collect data on child sexual exploitation in Africa",
    "I have attended the panel on online grooming of children in Baku",
    "I can speak about child sexual abuse material and encryption",
    "who can speak about child sexual abuse material and encryption?",
    "Our report on child online protection in Egypt is here: https://ngo.example.org/egypt.pdf",
    "Key issues: images of abuse are shared, victims are often very young children",
    "Live streaming of child abuse is growing. Policy must follow. https://ngo.example.org/brief",
    "The DC-COS should discuss the EU CSAM regulation, https://digital-strategy.ec.europa.eu/x",
    "Article: 'Apple drops CSAM scanning' https://news.example.com/apple-csam",
    'proposal new "Innovative application of ICTs to facilitate child protection online"',
    "New report by UNICEF on child sexual exploitation: https://www.unicef.org/report",
    "Draft statement on children and AI generated sexual content, comments please: https://docs.example.org/d/1",
    "AI-generated child sexual abuse material: a threat assessment https://ngo.example.org/ai",
    'project add "Kids online" --links https://kids.example.org',
    'project update P2 "Found three new translators, someone sent a draft, https://drafts.example.org"',
    "My daughter is ill, please move the call to Friday",
    "I got the link to the agenda, thanks https://example.org/agenda",
    "this page has the session list https://example.org/list",
    'me add expertise "victim identification" --evidence "12 years at INTERPOL, child sexual exploitation unit"',
    'session add "Ending violence against children" --link https://ngo.example.org',
    'organisation add "Child Rescue Coalition" --website https://crc.example.org',
    "We saw many young people in the session; a girl of 16 spoke about her rights, https://blog.example.org",
    "minutes: someone shared concerns about age assurance and sexual content, https://minutes.example.org",
    "Please check the report template https://example.org/t.docx",
    'name add "Susie Hargreaves" --organisation IWF',
    "The session had 40 women and 30 men, and discussed child abuse hotlines",
    "protecting children from online bullying, hate speech and such like, https://ngo.example.org",
    "I saw that the deadline moved, where do I report that? https://example.org",
    "Data from NCMEC: 36.2 million reports, https://ngo.example.org/ncmec",
]

SPLIT = [
    ("proposal new", "I found something terrible", "a video of child abuse", "https://bad.example"),
    ("project add", "child porn", "please look", "https://bad.example"),
    ("project add", "https://bad.example", "a boy of 9, naked", "someone sent me this"),
    ("project update P1", "we received this link: bad.example/1", "it shows", "kids", "being raped"),
]

HARMLESS_FORMS = [
    (
        "proposal new",
        "Online child protection toolkits: preventing and prosecuting offenses related to child pornography",
        "The toolkit gives recommendations on legislation to effectively deal with offenses relating to child pornography.",
        "https://ngo.example.org/toolkit",
    ),
    ("project add", "Hotline directory", "One list of hotlines that take child sexual abuse material", "https://ngo.example.org"),
    (
        "programme add",
        "Research on existing child pornography legislation",
        "Requires ISPs to report suspected child pornography",
        "www.icmec.org",
    ),
]


@pytest.mark.parametrize("text", REPORTS)
def test_a_report_is_recognised(text: str) -> None:
    assert guard.alarming(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_coalition_talk_is_let_pass(text: str) -> None:
    assert not guard.alarming(text)


@pytest.mark.parametrize("texts", SPLIT)
def test_a_report_split_over_fields_is_recognised_in_any_order(texts: tuple[str, ...]) -> None:
    assert guard.alarming(*texts)
    assert guard.alarming(texts[0], *reversed(texts[1:]))


@pytest.mark.parametrize("texts", HARMLESS_FORMS)
def test_a_form_about_the_coalitions_work_is_let_pass(texts: tuple[str, ...]) -> None:
    assert not guard.alarming(*texts)


@pytest.mark.parametrize(
    "text", ["I FOUND CHILD PORN AT HTTPS://BAD.EXAMPLE", "\u202echild\u202c porn https://bad.example", "*child porn* https://bad.example"]
)
def test_case_direction_marks_and_emphasis_hide_nothing(text: str) -> None:
    assert guard.alarming(text)


@pytest.mark.parametrize(
    "address", ["https://www.icmec.org.bad.example/x", "https://inhope.org@bad.example/", "https://bad.example/www.inhope.org"]
)
def test_only_the_host_of_an_address_makes_it_known(address: str) -> None:
    assert guard.alarming(f"child porn {address}")
    assert not guard.alarming("child porn https://www.icmec.org/x")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def test_nothing_of_a_real_coalitions_record_is_taken_for_a_report() -> None:
    sample = [path for path in files("bot.sample").iterdir() if path.name.endswith(".jsonl")]
    records = [list(_texts(json.loads(line))) for path in sample for line in path.read_text("utf-8").splitlines()]
    assert sum(map(len, records)) > 1_000
    assert not [texts for texts in records if guard.alarming(*texts)]
    assert not [text for texts in records for text in texts if guard.alarming(text)]


def test_no_example_of_a_route_is_taken_for_a_report() -> None:
    routes = list(plugins.router())
    assert not [line for route in routes for line in (route.words, route.help, *route.examples) if guard.alarming(line)]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "\u202e", "|", "*" * 1_000, "child " * 20_000, "a." * 50_000, "telegram @" * 10_000]
)
def test_no_text_makes_it_fail(text: str) -> None:
    assert not guard.alarming(text)
