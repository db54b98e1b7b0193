"""Less common names of article fields, and names in other languages, as tables of newsrooms and scrapers have them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["RARE_NAMES"]

RARE_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": tuple(
        """
        headlines heading header head article_title news_title story_title page_title og:title og_title
        titulo título titulo_original titre titel titolo titlu judul tytuł tytul nadpis otsikko rubrik başlık baslik
        tiêu_đề tieu_de заголовок название 标题 標題 タイトル 題名 제목 عنوان العنوان शीर्षक শিরোনাম
        """.split()  # noqa: SIM905
    ),
    "text": tuple(
        """
        article story article_text articletext article_content full_article full_story story_text news_text news_content
        maintext main_text texto texte testo tekst inhalt contenu contenido conteudo conteúdo contenuto cuerpo corpo isi
        isi_berita konten içerik icerik metin artículo articulo nội_dung noi_dung текст содержание 正文 内容
        內容 本文 본문 내용 النص المحتوى
        """.split()  # noqa: SIM905
    ),
    "published": tuple(
        """
        datetime date_time date_publish publish_time published_on posted_on posted_at date_posted pub_time publicationdate
        published_datetime fecha fecha_publicacion fecha_publicación datum erscheinungsdatum date_publication
        date_de_publication data_publicacao data_publicação data_pubblicazione tanggal tarih дата 发布时间
        发布日期 日期 發布時間 日付 날짜 ngày ngay_dang
        """.split()  # noqa: SIM905
    ),
    "section": tuple(
        """
        kategori categoria categoría catégorie categorie kategorie kategoria rubrique ressort seccion sección seção
        editoria news_category article_category рубрика категория 分类 分類 类别 カテゴリ カテゴリー 카테고리
        """.split()  # noqa: SIM905
    ),
    "url": tuple(
        """
        article_url articleurl article_link news_url news_link post_url page_url weburl href enlace lien tautan ссылка 链接
        連結 リンク 링크 source_url
        """.split()  # noqa: SIM905
    ),
    "description": tuple(
        """
        desc short_description shortdescription article_summary news_summary og:description intro lead lead_text
        chapo bajada resumen résumé descripcion descripción descricao descrição descrizione beschreibung ringkasan özet
        sapo описание 摘要 概要 요약
        """.split()  # noqa: SIM905
    ),
}
"""Names of each field in order of precedence, after those of `standard_names.NAMES`. Values that are no text do not count.

A single document is not recognised by them, since ``article`` or ``news`` may hold a whole list.
"""
