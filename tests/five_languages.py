# ruff: noqa: E501 - the stories are not cut
"""Small stories that are translations of each other in five languages, and others about the same subjects."""

from __future__ import annotations

from recommender import Article
from recommender.encoders.multilingual import MultilingualEncoder
from tests.concept_table import ConceptTable, concept_encoder

WORDS = (
    "ferry fähre паром 渡輪 العبارة", "islands inseln острова 群島 الجزر", "fares fahrpreise тарифы 票價 الأجور",
    "crowns kronen крон 克朗 كرونة", "harbour hafen порт 港口 الميناء", "fuel treibstoff топливо 燃料 الوقود",
    "strike streik забастовка 罷工 الإضراب", "captains kapitäne капитаны 船長 القباطنة",
    "dam damm плотина 水壩 السد", "crack riss трещина 裂縫 الشق", "engineers ingenieure инженеры 工程 المهندسون",
    "lake see озеро 湖水 البحيرة", "village dorf деревня 村莊 القرية", "concrete beton бетон 混凝 الخرسانة",
    "choir chor хор 合唱 الجوقة", "songs lieder песни 歌曲 الأغاني", "prize preis приз 獎項 الجائزة",
    "judges richter судьи 評審 الحكام", "tenor tenöre тенор 男高 التينور", "festival festspiele фестиваль 音樂 المهرجان",
)  # fmt: skip
LANGUAGES = ("ar", "de", "en", "ru", "zh")

FERRY = {
    "en": ("Ferry fares to the islands rise", "The ferry to the islands will cost 12 crowns more from 3 May, the harbour said. Fuel made the fares go up by 240 crowns a year for 1,900 people."),
    "de": ("Fahrpreise der Fähre steigen", "Die Fähre zu den Inseln kostet ab 3. Mai 12 Kronen mehr, sagt der Hafen. Treibstoff treibt die Fahrpreise für 1.900 Menschen um 240 Kronen im Jahr."),
    "ru": ("Тарифы на паром растут", "Паром на острова с 3 мая подорожает на 12 крон, сообщил порт. Топливо подняло тарифы на 240 крон в год для 1900 человек."),
    "zh": ("渡輪票價上漲", "港口表示，前往群島的渡輪自5月3日起貴12克朗。燃料使1,900人每年的票價多付240克朗。"),
    "ar": ("الأجور ترتفع", "العبارة إلى الجزر ستكلف ١٢ كرونة أكثر من 3 مايو كما قال الميناء. رفع الوقود الأجور 240 كرونة في السنة على 1900 شخص."),
}  # fmt: skip
DAM = {
    "en": ("Crack found in the dam", "Engineers found a crack of 47 metres in the concrete of the dam. The lake was lowered, and the village of 630 people below it waits. The engineers come again on 18 June."),
    "de": ("Riss im Damm entdeckt", "Ingenieure fanden einen Riss von 47 Metern im Beton am Damm. Der See wurde abgesenkt, das Dorf mit 630 Menschen wartet. Die Ingenieure kommen am 18. Juni wieder."),
    "ru": ("В теле нашли: трещина, плотина", "Инженеры нашли: трещина в 47 метров, бетон, плотина. Озеро спустили, деревня, где живут 630 человек, ждёт. Инженеры вернутся 18 июня."),
    "zh": ("水壩出現裂縫", "工程師在水壩的混凝土中發現47米的裂縫。湖水已降低，下方有630人的村莊在等待。工程師6月18日再來。"),
    "ar": ("الشق في السد", "المهندسون وجدوا الشق بطول 47 مترا في الخرسانة من السد. خفضت البحيرة وتنتظر القرية وفيها 630 شخصا. المهندسون يعودون في 18 يونيو."),
}  # fmt: skip
CHOIR = {
    "en": ("Choir wins the festival prize", "The choir sang 4 songs by heart and won the prize of the festival. The judges praised the tenor, who is 71. There were 26 choirs."),
    "de": ("Chor gewinnt Preis der Festspiele", "Der Chor sang 4 Lieder auswendig und gewann den Preis der Festspiele. Die Richter lobten die Tenöre, einer ist 71. Es kamen 26 Gruppen."),
    "ru": ("Хор получил приз", "Хор спел 4 песни наизусть и взял приз, которым славен фестиваль. Судьи хвалили тенор: ему 71 год. Приехали 26 групп."),
    "zh": ("合唱團獲獎項", "合唱團背誦4首歌曲，贏得音樂節獎項。評審稱讚71歲的男高音。共有26隊。"),
    "ar": ("الجوقة تفوز", "الجوقة غنت 4 من الأغاني عن ظهر قلب ونالت الجائزة في المهرجان. مدح الحكام صوت التينور وعمره 71. شاركت 26 فرقة."),
}  # fmt: skip
RELATED = {
    "en": ("Strike stops the ferry", "No ferry left the harbour for the islands on Monday: a strike of 85 captains over fuel and fares. It may last until 30 May and cost 5,400 crowns an hour."),
    "de": ("Inseln warten auf die Fähre", "Streik im Hafen: keine Fähre zu den Inseln, die Kapitäne wollen mehr Kronen. Sie reden über Treibstoff und Fahrpreise. Am 21. des Monats sprach das Land mit 9 von ihnen, doch 330 Gäste schlafen seit 2 Tagen in der Halle."),
}  # fmt: skip

STORIES = {"ferry": FERRY, "dam": DAM, "choir": CHOIR}


def article(name: str, language: str, text: tuple[str, str]) -> Article:
    return Article(f"{name}-{language}", *text, language=language, published="2026-05-01")


def translated() -> list[Article]:
    """Return three stories in five languages each, and two more about one of their subjects."""
    found = [article(name, tag, text) for name, texts in STORIES.items() for tag, text in texts.items()]
    return [*found, *(article("strike", tag, text) for tag, text in RELATED.items())]


class FiveLanguages(ConceptTable):
    languages = LANGUAGES

    def __init__(self) -> None:
        super().__init__(WORDS)


def five_languages() -> MultilingualEncoder:
    return concept_encoder(FiveLanguages())
