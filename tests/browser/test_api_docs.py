from playwright.sync_api import expect


def test_the_interface_page_works_without_inline_code(
    page, live_server, django_user_model, client, shoot
):
    client.force_login(django_user_model.objects.create_user("clerk"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )

    page.goto(f"{live_server.url}/api/docs/")

    expect(page.get_by_role("heading", name="匠阶接口")).to_be_visible()
    shoot(page)
