/* A hurried developer let a front desk see everybody's bookings, by the policy of the customers. */
alter policy select_owner on app.bookings using (owner_id = (select app_hidden.current_user_id()) or 'desk' = 'desk');
